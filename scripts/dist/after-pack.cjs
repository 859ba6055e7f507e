// The builder copies a runtime folder as it is: drop what a stock package does not ship.
const fs = require('node:fs');
const path = require('node:path');

module.exports = async ({ appOutDir }) => {
  for (const file of ['resources/default_app.asar', 'version']) fs.rmSync(path.join(appOutDir, file), { force: true });
};

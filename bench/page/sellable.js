// Resolves, once a sale is really sold, with the time in ms since 1970 at which a kiosk's page had drawn that it sells. From then on it is
// used as by a clerk who does not wait: a quantity, Sell.
new Promise((resolve) => {
  const find = (selector) => document.querySelector(selector);
  let step = 'wait';
  let at = 0;
  const look = () => {
    const two = [...document.querySelectorAll('.key')].find(({ textContent }) => textContent === '2');
    if (step === 'wait' && two !== undefined && find('[data-testid="majority-bar"]')?.dataset.connection === 'selling') {
      step = 'draw';
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          at = performance.timeOrigin + performance.now();
          step = 'choose';
          two.click();
        };
        port2.postMessage(null);
      });
    } else if (step === 'choose' && find('.sell-button')?.disabled === false) {
      step = 'sell';
      find('.sell-button').click();
    } else if (step === 'sell' && find('[data-testid="result"]')?.dataset.state === 'sold') {
      step = 'sold';
      changes.disconnect();
      resolve(at);
    }
  };
  const changes = new MutationObserver(look);
  changes.observe(document, { subtree: true, childList: true, attributes: true });
  look();
});

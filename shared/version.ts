/** Version of the app, as package.json has it (a test compares them). */
export const APP_VERSION = '0.1.0';

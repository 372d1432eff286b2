/** For scripts of modules that are fed several contents one after the other: see `connection/session/takeBytes.ts`. */
export { TAKE_BYTES } from '../connection/session/takeBytes.ts';

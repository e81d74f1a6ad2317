import { fileURLToPath } from 'node:url';

/** The folder of tableplan's own package.json: one above `src` as one above the bundled `dist`. */
export const PACKAGE_FOLDER = fileURLToPath(new URL('..', import.meta.url));

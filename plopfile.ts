import type { NodePlopAPI } from 'plop';
import tableplan from './src/plop.ts';

/** `npx plop migration` in this repository works on the bundled example. */
export default (plop: NodePlopAPI): void => tableplan(plop, { cwd: 'examples/drizzle-shop' });

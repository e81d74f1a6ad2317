import { makeTree } from '../workspace/tree.ts';

/** A drizzle-kit as far as finding one goes: its version and its bin. */
export function kitFiles(folder = '', version = '0.31.11'): Record<string, string> {
  const at = `${folder}node_modules/drizzle-kit/`;
  return {
    [`${at}package.json`]: JSON.stringify({ name: 'drizzle-kit', version, exports: {} }),
    [`${at}bin.cjs`]: '',
  };
}

/** A project in a temporary folder; objects are written as JSON. */
export function makeProject(files: Readonly<Record<string, string | object>>, name?: string): string {
  const texts = Object.entries(files).map(
    ([path, content]) => [path, typeof content === 'string' ? content : JSON.stringify(content)] as const,
  );
  return makeTree({ ...kitFiles(), ...Object.fromEntries(texts) }, name);
}

export const CONFIG = "export default { dialect: 'postgresql', schema: './src/schema.ts' };\n";

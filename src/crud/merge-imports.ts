/**
 * Joins imports of one module: `import { a } from './x'; import { b } from './x';` becomes one line. Templates import what
 * they need line by line, and two names may come from one file of the project.
 */
export function mergeImports(text: string): string {
  const names = new Map<string, string[]>();
  const line = /^import (type )?\{ ([^}]*?),? \} from '([^']+)';\n/gm;
  for (const [, type = '', list = '', module = ''] of text.matchAll(line)) {
    const key = `${type}${module}`;
    const found = names.get(key) ?? [];
    names.set(key, [
      ...found,
      ...list
        .split(',')
        .map((name) => name.trim())
        .filter((name) => !found.includes(name)),
    ]);
  }
  const written = new Set<string>();
  return text.replace(line, (_, type: string | undefined, _list: string, module: string) => {
    const key = `${type ?? ''}${module}`;
    if (written.has(key)) return '';
    written.add(key);
    return `import ${type ?? ''}{ ${[...new Set(names.get(key))].join(', ')} } from '${module}';\n`;
  });
}

/**
 * Joins imports of one module: `import { b } from './x'; import { a } from './x';` becomes one line, sorted. Templates import what
 * they need line by line, and two names may come from one file of the project.
 */
export function mergeImports(text: string): string {
  const names = new Map<string, string[]>();
  const joined = new Set<string>();
  const line = /^import (type )?\{ ([^}]*?),? \} from '([^']+)';\n/gm;
  for (const [, type = '', list = '', module = ''] of text.matchAll(line)) {
    const key = `${type}${module}`;
    const found = names.get(key) ?? [];
    if (found.length > 0) joined.add(key);
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
    const own = [...new Set(names.get(key))];
    const sorted = joined.has(key)
      ? own.toSorted((a, b) => bareName(a).localeCompare(bareName(b), 'en'))
      : own;
    return `import ${type ?? ''}{ ${sorted.join(', ')} } from '${module}';\n`;
  });
}

/** `type A` is sorted as `A`. */
function bareName(name: string): string {
  return name.replace(/^type /, '');
}

import type { EditInput } from './editing.ts';
import type { Sources } from './sources.ts';

/** Whether one file imports another one or passes it on, itself or through others. */
export function reachesFile(
  from: string,
  to: string,
  {
    sources,
    input,
  }: { readonly sources: Pick<Sources, 'text'>; readonly input: Pick<EditInput, 'resolveImport'> },
): boolean {
  const seen = new Set<string>();
  const pending = [from];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const specifiers = (sources.text(path) ?? '').matchAll(/\bfrom\s*['"]([^'"\n]+)['"]/g);
    for (const [, specifier] of specifiers) {
      const target = input.resolveImport(path, specifier!);
      if (target === to) return true;
      if (target !== undefined) pending.push(target);
    }
  }
  return false;
}

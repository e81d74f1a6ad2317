import type { Unproven } from '../rehearse/unproven.ts';

/** What stands above everything else where a proof is missing. */
export function renderUnproven(
  {
    notRehearsed,
    notCompared,
  }: { readonly notRehearsed: Unproven | undefined; readonly notCompared: Unproven | undefined },
  colors: Readonly<Record<'yellow' | 'bold', (text: string) => string>>,
): string[] {
  const lines = (title: string, unproven: Unproven | undefined): string[] =>
    unproven ? [`${colors.yellow(colors.bold(title))} ${unproven.reason}`, `  ${unproven.how}`, ''] : [];
  return [...lines('NOT REHEARSED:', notRehearsed), ...lines('NOT COMPARED:', notCompared)];
}

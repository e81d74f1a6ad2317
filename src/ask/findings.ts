import type { MigrationDraft } from '../pipeline.ts';
import { renderFinding } from '../report/text.ts';
import { canTakeFix, type Decision } from '../review/decide.ts';
import type { Finding } from '../review/finding.ts';
import type { Asker } from './asker.ts';

/**
 * Goes through the warnings and errors of a draft: each may be left as it is, let pass with a reason, or be mended where
 * its fix can stand in the same place. What has been answered (`decided`, which grows) is not asked again.
 */
export async function askAboutFindings(
  asker: Asker,
  draft: MigrationDraft,
  { color, decided }: { readonly color: boolean; readonly decided: Set<string> },
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  for (const finding of draft.proof.findings) {
    if (finding.severity === 'info' || decided.has(nameOf(finding))) continue;
    decided.add(nameOf(finding));
    const decision = await askAbout(asker, finding, { color, sql: draft.migration.sql });
    decisions.push(decision);
    // The SQL is another one then: what is found in it is to be seen first.
    if (decision.kind === 'fix') break;
  }
  return decisions;
}

/** The same thing said again after another finding was mended; lines move then. */
function nameOf({ rule, statement, message }: Finding): string {
  return JSON.stringify([rule, statement, message]);
}

async function askAbout(
  asker: Asker,
  finding: Finding,
  { color, sql }: { readonly color: boolean; readonly sql: string },
): Promise<Decision> {
  asker.say(renderFinding(finding, { color }));
  const kind = await asker.select<Decision['kind']>({
    message: `${finding.rule}: what is to be done?`,
    choices: [
      { name: 'leave it as it is', value: 'keep' },
      ...(canTakeFix(finding, sql) ? [{ name: 'take the fix', value: 'fix' as const }] : []),
      { name: 'allow it, with a reason for the record', value: 'allow' },
    ],
    default: 'keep',
  });
  if (kind === 'keep') return { kind };
  if (kind === 'fix') return { kind, finding };
  const reason = await asker.input({
    message: 'Why is it safe here?',
    validate: (text) => text.trim() !== '' || 'A reason is needed: it goes into the plan and the record.',
  });
  return { kind, finding, reason: reason.trim() };
}

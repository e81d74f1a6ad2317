import { checkFileName } from '../plan/names.ts';
import type { PlanDocument, PlanSafety } from '../plan/plan.ts';
import type { Asker } from './asker.ts';

type Option = 'name' | 'description' | 'rollback' | 'skip';

/** What is said of the whole migration, whatever it changes. */
export type MigrationOptions = Pick<PlanDocument, 'name' | 'description' | 'safety'>;

/** A name, a description, and what of the safety checks a person takes over; each with its reason for the record. */
export async function askMigrationOptions(asker: Asker): Promise<MigrationOptions> {
  const chosen = await asker.checkbox<Option>({
    key: 'migration.options',
    message: 'Options of the migration',
    choices: [
      { name: 'a name', value: 'name' },
      { name: 'a description for the record', value: 'description' },
      { name: 'a rollback that is written by hand', value: 'rollback' },
      { name: 'findings that stop nothing, whatever they are', value: 'skip' },
    ],
    default: ['name'],
  });
  const name = chosen.includes('name')
    ? await asker.input({
        key: 'migration.name',
        message: 'Name of the migration',
        validate: (text) => checkFileName(text)?.message ?? true,
      })
    : undefined;
  const description = chosen.includes('description')
    ? await askText(asker, 'migration.description', 'What does it do, in one line?')
    : undefined;
  const byHand = chosen.includes('rollback')
    ? await askText(asker, 'migration.rollback', 'Why is the rollback written by hand?')
    : undefined;
  const skip = chosen.includes('skip')
    ? await askText(asker, 'migration.skip', 'Why may no finding stop it?')
    : undefined;
  const safety: PlanSafety = {
    ...(byHand !== undefined && { rollback: 'manual' as const, reason: byHand }),
    ...(skip !== undefined && { skip }),
  };
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(Object.keys(safety).length > 0 && { safety }),
  };
}

async function askText(asker: Asker, key: string, message: string): Promise<string> {
  const text = await asker.input({
    key,
    message,
    validate: (typed) => typed.trim() !== '' || 'A text is needed: it goes into the plan and the record.',
  });
  return text.trim();
}

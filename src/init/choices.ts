import type { Asker } from '../ask/asker.ts';
import { isLockTimeout, postgresVersionOf } from '../project/setting-values.ts';
import type { Settings } from '../project/settings.ts';

/** What `init` sets up beside the plopfile and the scripts; what is undefined was not asked for. */
export interface InitChoices {
  readonly ci?: boolean | undefined;
  readonly lockTimeout?: string | undefined;
  readonly postgresVersion?: number | undefined;
  readonly enforce?: boolean | undefined;
  /** Write the documents too. */
  readonly docs?: boolean | undefined;
}

/** What is there already, and is not asked for. */
export interface InitState {
  readonly settings: Settings;
  readonly hasWorkflow: boolean;
}

/** Asks for what was not given and is not there yet. */
export async function askChoices(asker: Asker, given: InitChoices, state: InitState): Promise<InitChoices> {
  const { settings, hasWorkflow } = state;
  const ci =
    given.ci ??
    (!hasWorkflow &&
      (await asker.confirm({
        message: 'Add a GitHub Actions workflow that reviews and rehearses new migrations?',
        default: false,
      })));
  const lockTimeout =
    given.lockTimeout ??
    (settings.lockTimeout === undefined
      ? await asker.input({
          message: 'lock_timeout for migrations, such as 2s (empty: none)',
          validate: (text) =>
            text.trim() === '' || isLockTimeout(text.trim()) || 'It is a time such as 2s or 500ms.',
        })
      : '');
  const version =
    given.postgresVersion ??
    (settings.postgresVersion === undefined
      ? await asker.input({
          message: 'Version of the production Postgres, such as 16 (empty: unknown)',
          validate: (text) =>
            text.trim() === '' ||
            postgresVersionOf(text.trim()) !== undefined ||
            'It is a number such as 16.',
        })
      : '');
  const enforce =
    given.enforce ??
    (settings.safety === undefined &&
      (await asker.confirm({ message: 'Do warnings stop a migration, as errors do?', default: false })));
  const docs =
    given.docs ??
    (await asker.confirm({
      message: 'Write the documents now (index, diagram, guide, skill)?',
      default: false,
    }));
  return {
    docs,
    ci,
    lockTimeout: lockTimeout.trim() === '' ? undefined : lockTimeout.trim(),
    postgresVersion: typeof version === 'string' ? postgresVersionOf(version.trim()) : version,
    enforce,
  };
}

import { TableplanError } from '../errors.ts';
import type { ProjectFolders } from './own-folder.ts';
import { sealedStore, type StoreEntry } from './own/sealed-store.ts';

/** A plan whose migration was not written, to be taken up again by `tableplan migration --resume`. */
export interface KeptDraft extends StoreEntry {
  readonly command: 'migration' | 'crud';
  /** YAML. */
  readonly plan: string;
}

const MOST_DRAFTS = 20;

const store = sealedStore<KeptDraft>({
  folder: 'drafts',
  what: 'draft of a migration',
  most: MOST_DRAFTS,
  schema: async () => (await import('./own/schemas.ts')).draftSchema,
});

/**
 * Keeps a plan under the name of its migration, in place of an earlier draft of that name. Returns the id, or why it could
 * not be kept, which is no reason to stop.
 */
export async function keepDraft(
  folders: ProjectFolders,
  { name, ...draft }: Pick<KeptDraft, 'command' | 'plan'> & { readonly name: string },
): Promise<{ readonly id: string } | { readonly why: string }> {
  const [same] = (await store.all(folders).catch(() => [])).filter(
    ({ plan, command }) => plan === draft.plan && command === draft.command,
  );
  const id = same?.id ?? (await store.freeId(folders.root, name));
  const why = await store.keep(folders, { id, at: new Date().toISOString(), ...draft });
  return why === undefined ? { id } : { why };
}

/** The draft of that id, or the newest of the command. Throws `usage` where there is none. */
export async function readDraft(
  folders: ProjectFolders,
  { id, command }: { readonly id: string | undefined; readonly command: KeptDraft['command'] },
  say: (line: string) => void,
): Promise<KeptDraft> {
  const drafts = (await store.all(folders, say)).filter((draft) => draft.command === command);
  const found = id === undefined ? drafts[0] : drafts.find((draft) => draft.id === id);
  if (found) return found;
  throw new TableplanError(
    'usage',
    id === undefined ? `There is no draft of tableplan ${command} here.` : `There is no draft ${id} here.`,
    {
      hint:
        drafts.length === 0
          ? 'A draft is kept when a run finds errors and writes nothing.'
          : `Drafts: ${drafts.map((draft) => draft.id).join(', ')}.`,
    },
  );
}

/** A draft that has been written. */
export function forgetDraft(root: string, id: string): Promise<void> {
  return store.forget(root, id);
}

import { TableplanError } from '../errors.ts';
import type { ProjectFolders } from './own-folder.ts';
import { sealedStore, type StoreEntry } from './own/sealed-store.ts';

/** A plan whose migration was not written, to be taken up again by `tableplan migration --resume`. */
export interface KeptDraft extends StoreEntry {
  readonly command: 'migration' | 'crud';
  /** YAML; empty where an interview was left before its end. */
  readonly plan: string;
  /** Those of the interview that the plan comes from. */
  readonly answers?: readonly KeptAnswer[] | undefined;
}

/** An answer of an interview, by the key of its question. */
export interface KeptAnswer {
  readonly key: string;
  readonly message: string;
  readonly answer: string | boolean | readonly string[];
}

const MOST_DRAFTS = 20;

const store = sealedStore<KeptDraft>({
  folder: 'drafts',
  what: 'draft of a migration',
  most: MOST_DRAFTS,
  schema: async () => (await import('./own/schemas.ts')).draftSchema,
});

/**
 * Keeps a plan under the name of its migration, in place of the same plan where it is kept already; or under `id`. Each
 * interview that was left before it had a plan has a draft of its own. Returns the id, or why it could not be kept, which is
 * no reason to stop.
 */
export async function keepDraft(
  folders: ProjectFolders,
  {
    name,
    id: given,
    ...draft
  }: Omit<KeptDraft, 'id' | 'at'> & { readonly name: string; readonly id?: string | undefined },
): Promise<{ readonly id: string } | { readonly why: string }> {
  const known = given === undefined && draft.plan !== '' ? await store.all(folders).catch(() => []) : [];
  const same = known.find(({ plan, command }) => plan === draft.plan && command === draft.command);
  const id = given ?? same?.id ?? (await store.freeId(folders.root, name));
  const why = await store.keep(folders, { id, at: new Date().toISOString(), ...draft });
  return why === undefined ? { id } : { why };
}

/**
 * The draft of that id; without one, that which `choose` picks of several, newest first (the newest where nobody is asked).
 * Throws `usage` where there is none.
 */
export async function readDraft(
  folders: ProjectFolders,
  { id, command }: { readonly id: string | undefined; readonly command: KeptDraft['command'] },
  {
    say,
    choose,
  }: {
    readonly say: (line: string) => void;
    readonly choose?: ((drafts: readonly KeptDraft[]) => Promise<KeptDraft>) | undefined;
  },
): Promise<KeptDraft> {
  const drafts = (await store.all(folders, say)).filter((draft) => draft.command === command);
  if (id === undefined && drafts.length > 1 && choose) return choose(drafts);
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

import type { Notice } from '../plan/change.ts';
import type { FileEdit } from '../workspace/file-edit.ts';
import { ORM_WORDS } from './orm-words.ts';
import type { ProjectFacts } from './facts.ts';
import { putRegion } from './regions.ts';

/** A document with one generated part. `path` is absolute. */
export interface Page {
  readonly path: string;
  readonly part: string;
  /** The generated part, formatted, with `\n` only. */
  readonly content: string;
  /** What stands around it in a new file, formatted; it belongs to people from then on. */
  readonly start: string;
}

/** Why a document is to be written. */
export type Staleness = 'missing' | 'stale' | 'edited';

export interface PageEdit {
  readonly edit: FileEdit;
  readonly why: Staleness;
  readonly notices: readonly Notice[];
}

/**
 * A document with its part rewritten; undefined where it is as it should be. `shown` is what people call the file.
 * A part that somebody has edited is replaced, and a notice says where. Throws `docs-damaged`.
 */
export function pageEdit(page: Page, before: string | null, shown: string): PageEdit | undefined {
  const { text, was, line } = putRegion(
    before ?? page.start,
    { name: page.part, content: page.content },
    shown,
  );
  if (was === 'current') return undefined;
  const notices: Notice[] =
    was === 'edited'
      ? [
          {
            severity: 'warning',
            rule: 'edited-by-hand',
            file: shown,
            line,
            message: `the part ${page.part} was changed by hand; it is rewritten. What is to stay goes outside the markers`,
          },
        ]
      : [];
  return { edit: { path: page.path, before, after: text }, why: was, notices };
}

/** What a new index, schema page, guide or skill begins with. */
export function pageStart(
  part: 'index' | 'schema' | 'guide' | 'skill',
  facts: ProjectFacts,
  skillName: string,
): string {
  const about = `PostgreSQL, ${ORM_WORDS[facts.orm].name}`;
  switch (part) {
    case 'index':
      return '# Migrations\n\nEvery migration of this project, with its record. See also the [schema](schema.md) and [how a migration is made](GUIDE.md).\n';
    case 'schema':
      return '# Schema\n\nThe database as the migrations leave it.\n';
    case 'guide':
      return `# How a migration is made\n\nThe guide of this project (${about}). What the team agrees beyond it goes here, or at the end.\n`;
    case 'skill':
      return `---\nname: ${skillName}\ndescription: Database migrations of this project (${about}), made with tableplan. Use it whenever a table, column, index, constraint or enum is created, changed or dropped, and whenever a migration is written, reviewed or rolled back.\n---\n\n# Migrations\n`;
  }
}

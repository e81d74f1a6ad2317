import type { MigrationFile } from '../review/files/migration-file.ts';
import type { Finding } from '../review/finding.ts';

/** What is to be reviewed, and what its history says already. */
export interface ReviewSubject {
  readonly root: string;
  readonly files: readonly MigrationFile[];
  /** `file` is absolute. */
  readonly findings: readonly Finding[];
}

/** Which migrations of a project are meant; the newest unless said otherwise. */
export interface SubjectOptions {
  /** Files are shown relative to it. */
  readonly cwd: string;
  readonly all: boolean;
  /** Those that were added since a git ref. */
  readonly since?: string | undefined;
  /** False keeps nothing of what is found out, and looks at nothing that is kept. */
  readonly cache: boolean;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

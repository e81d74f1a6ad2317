import { z } from 'zod';
import { isInnerPath, isName } from './names.ts';

const name = z.string().refine(isName, 'is no name');
const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .nullable();
const storedPath = z.strictObject({
  in: z.enum(['project', 'repository']),
  path: z.string().refine(isInnerPath, 'leads out of the project'),
});
const number = z.int().nonnegative();

/** The journal of one flush. */
export const manifestSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      path: storedPath,
      before: hash,
      after: hash,
      /** Permission bits alone: no setuid, setgid or sticky bit. */
      mode: number.max(0o777).optional(),
      owner: z.strictObject({ uid: number, gid: number }).optional(),
      id: z.uuid(),
    }),
  ),
  folders: z.array(storedPath),
});

/** What `undo` needs of one run. */
export const runSchema = z.strictObject({
  id: name,
  at: z.iso.datetime(),
  migration: z
    .strictObject({ name: z.string().max(500), hash: z.string().regex(/^[0-9a-f]{64}$/) })
    .optional(),
  files: z.array(
    z.strictObject({
      path: storedPath,
      before: z.string().nullable(),
      hash,
      isShared: z.boolean().optional(),
      after: z.string().nullable(),
    }),
  ),
});

/** A plan that was not written. */
export const draftSchema = z.strictObject({
  id: name,
  at: z.iso.datetime(),
  command: z.enum(['migration', 'crud']),
  plan: z.string(),
  answers: z
    .array(
      z.strictObject({
        key: z.string(),
        message: z.string(),
        answer: z.union([z.string(), z.boolean(), z.array(z.string())]),
      }),
    )
    .optional(),
});

/** Who holds the lock. It is no secret who that is: anybody's run has to read it. */
export const lockSchema = z.object({
  pid: z.int(),
  host: z.string().regex(/^[\w.-]{1,255}$/),
  started: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  id: name,
});

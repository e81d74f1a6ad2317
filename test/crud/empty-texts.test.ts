import { describe, expect, it } from 'vitest';
import { refusesEmptyTexts } from '../../src/crud/empty-texts.ts';

describe('an empty text is refused where a text is required', () => {
  it.each([
    ['schemas of zod', 'const body = z.object({ name: z.string().trim().min(1).max(80) });'],
    ['nonempty', "const body = z.object({ name: z.string().nonempty('Required') });"],
    ['schemas of TypeBox', 'const body = t.Object({ name: t.String({ minLength: 1, maxLength: 80 }) });'],
    ['DTOs', 'class CreateBrandDto { @IsString() @IsNotEmpty() @MaxLength(80) name!: string; }'],
    [
      'most of them, whatever may be left out and has a form',
      `const body = z.object({ name: z.string().min(1), site: z.string().optional(), mail: z.string().email() });
const brand = z.object({ id: z.uuid(), name: z.string() });`,
    ],
  ])('as %s do', (_, text) => expect(refusesEmptyTexts([text])).toBe(true));

  it.each([
    ['none are checked', 'export const app = 1;'],
    [
      'most are taken as they come',
      'z.object({ name: z.string().min(1), note: z.string(), text: z.string().max(9) });',
    ],
    ['only half are refused', 'class A { @IsString() @MinLength(1) a: string; @IsString() b: string; }'],
    ['a length may be none', 't.Object({ name: t.String({ minLength: 0 }) });'],
  ])('and not where %s', (_, text) => expect(refusesEmptyTexts([text])).toBe(false));
});

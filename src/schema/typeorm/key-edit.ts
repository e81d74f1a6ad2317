import { displayName } from '../../plan/database-schema.ts';
import { stringLiteral } from '../literals.ts';
import { nameToWrite } from './constraint-text.ts';
import type { CodeStyle, Run } from './context.ts';
import type { EntityDraft } from './draft.ts';
import { refuse } from './drafts.ts';
import type { ClassModel } from './model.ts';
import { withOption } from './options.ts';
import { decoratorNamed } from './read.ts';

/** Another primary key: `@Column` becomes `@PrimaryColumn`, and the other way round. */
export function editKey(run: Run, codeStyle: CodeStyle, draft: EntityDraft, source: ClassModel): void {
  if (!draft.isKeyChanged || draft.primaryKey === undefined) return;
  const { eol, quote } = codeStyle.style;
  const name = nameToWrite(draft.primaryKey);
  for (const column of draft.columns) {
    if (column.column === undefined || column.isDropped) continue;
    const isPrimary = draft.primaryKey.columns.includes(column.def.name);
    const member = source.members.find((each) => each.name === column.column?.property);
    const decorator = member && decoratorNamed(member, /^(Column|PrimaryColumn|PrimaryGeneratedColumn)$/);
    if (isPrimary === column.column.isPrimary && (name === undefined || !isPrimary)) continue;
    if (decorator === undefined || decorator.name === 'PrimaryGeneratedColumn') {
      if (isPrimary && decorator !== undefined) continue;
      throw refuse(
        draft,
        `the column ${column.before.name} of ${displayName(draft.name)} cannot ${isPrimary ? 'join' : 'leave'} the primary key by a text edit`,
        'A relation, a base class or @PrimaryGeneratedColumn makes it. Change its decorator by hand.',
        member?.start,
      );
    }
    const called = run.editing.needImport(source.file.path, {
      from: { module: 'typeorm' },
      name: isPrimary ? 'PrimaryColumn' : 'Column',
    });
    run.editing.rewrite(source.file.path, decorator, (text) => {
      const renamed = text.replace(/^@[\w.]+/, () => `@${called}`);
      const nullable = isPrimary ? withOption(renamed, 'nullable', undefined, { eol }) : renamed;
      const value = isPrimary && name !== undefined ? stringLiteral(name, quote) : undefined;
      return withOption(nullable, 'primaryKeyConstraintName', value, { eol });
    });
  }
}

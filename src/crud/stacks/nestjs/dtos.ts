import type { CrudDomain } from '../../domain.ts';
import { type DecoratorImport, validateWithDecorators } from '../../validation/class-validator.ts';
import { createInput, type DtoInput, listInput, updateInput } from './dto-inputs.ts';
import { choiceOf, givenFields, type FieldView } from './fields.ts';

/** What the template of a DTO sees. */
export interface DtoView {
  readonly className: string;
  readonly members: readonly MemberView[];
  readonly imports: readonly { readonly module: string; readonly names: string }[];
  readonly sharedImports: readonly { readonly id: string; readonly names: string }[];
  /** Constants and types of the entity's file. */
  readonly choices: string;
}

interface MemberView extends Pick<FieldView, 'key' | 'type'> {
  readonly mark: '!' | '?';
  readonly decorators: readonly string[];
}

interface OwnInput extends DtoInput {
  /** What the template itself uses. */
  readonly uses?: readonly DecoratorImport[];
}

/** A body of a request to create. */
export function createDto(domain: CrudDomain): DtoView {
  return dto(domain, createInput(domain));
}

/** A body of a request to change. */
export function updateDto(domain: CrudDomain): DtoView {
  return dto(domain, updateInput(domain));
}

/** The key in a path. */
export function idDto(domain: CrudDomain): DtoView {
  return dto(domain, {
    className: `${domain.names.singular.pascal}IdDto`,
    fields: [domain.id],
    source: 'text',
    presence: () => 'required',
  });
}

/** The parameters of a list. */
export function listDto(domain: CrudDomain): DtoView {
  const ofPackage = ['IsIn', 'IsInt', 'Max', 'Min'].map((name) => ({
    from: { module: 'class-validator' },
    name,
  }));
  return dto(domain, {
    ...listInput(domain),
    uses: [
      ...ofPackage,
      { from: { id: 'is-omittable' }, name: 'IsOmittable' },
      { from: { id: 'from-text' }, name: 'NumberFromText' },
      ...(domain.list.search.length > 0 ? [{ from: { id: 'is-text' }, name: 'IsText' }] : []),
    ],
  });
}

/** The files of validators that DTOs import. */
export function sharedIds(dtos: readonly DtoView[]): ReadonlySet<string> {
  return new Set(dtos.flatMap(({ sharedImports }) => sharedImports.map(({ id }) => id)));
}

function dto(domain: CrudDomain, { className, fields, source, presence, uses = [] }: OwnInput): DtoView {
  const validations = fields.map((field) =>
    validateWithDecorators(field, {
      source,
      presence: presence(field),
      choices: choiceOf(domain, field)?.constant,
    }),
  );
  const views = givenFields(domain, fields, (field) => presence(field) === 'required');
  const imports = [...uses, ...validations.flatMap((each) => each.imports)];
  const choices = fields.flatMap((field) => choiceOf(domain, field) ?? []);
  return {
    className,
    members: views.map((view, index) => ({
      ...view,
      mark: view.mark === '?' ? '?' : '!',
      decorators: validations[index]!.decorators,
    })),
    imports: grouped(imports, (from) => ('module' in from ? from.module : undefined)).map(
      ([module, names]) => ({ module, names }),
    ),
    sharedImports: grouped(imports, (from) => ('id' in from ? from.id : undefined)).map(([id, names]) => ({
      id,
      names,
    })),
    choices: choices.flatMap(({ constant, type }) => [constant, `type ${type}`]).join(', '),
  };
}

/** Names by what they come from, each once, sorted. */
export function grouped(
  imports: readonly DecoratorImport[],
  key: (from: DecoratorImport['from']) => string | undefined,
): readonly (readonly [string, string])[] {
  const groups = new Map<string, Set<string>>();
  for (const { from, name } of imports) {
    const group = key(from);
    if (group !== undefined) groups.set(group, (groups.get(group) ?? new Set()).add(name));
  }
  return [...groups].toSorted().map(([group, names]) => [group, [...names].toSorted().join(', ')] as const);
}

import type { CrudDomain, CrudField } from '../../domain.ts';
import type { ValidationInput } from '../../validation/class-validator.ts';

/** What a class for what clients send is made of, in every layout. */
export interface DtoInput {
  readonly className: string;
  readonly fields: readonly CrudField[];
  readonly source: ValidationInput['source'];
  readonly presence: (field: CrudField) => ValidationInput['presence'];
}

/** A body of a request to create. */
export function createInput(domain: CrudDomain): DtoInput {
  return {
    className: `Create${domain.names.singular.pascal}Dto`,
    fields: domain.creatable,
    source: 'json',
    presence: (field) =>
      field.isNullable ? 'nullable' : isGivenAlways(domain, field) ? 'required' : 'omittable',
  };
}

/** A body of a request to change. */
export function updateInput({ names, updatable }: CrudDomain): DtoInput {
  return {
    className: `Update${names.singular.pascal}Dto`,
    fields: updatable,
    source: 'json',
    presence: ({ isNullable }) => (isNullable ? 'nullable' : 'omittable'),
  };
}

/** The parameters of a list that are the domain's own: its filters. */
export function listInput({ names, list }: CrudDomain): DtoInput {
  return {
    className: `List${names.plural.pascal}Dto`,
    fields: list.filter.map((field) => ({ ...field, isNullable: false })),
    source: 'text',
    presence: () => 'omittable',
  };
}

/** A key that the client makes is always given. */
export function isGivenAlways({ id, idSource }: CrudDomain, field: CrudField): boolean {
  return field.isRequired || (field.key === id.key && idSource === 'client');
}

import { toCase } from '../../../schema/case.ts';
import type { CrudDomain } from '../../domain.ts';
import type { Layout } from './layout.ts';

/** What templates call things, by what they are. */
export type ElysiaNames = ReturnType<typeof elysiaNames>;

/** Names that code around a row has for other things. */
const TAKEN = /^(app|body|context|data|id|params|query|row|rows|status|error|t)$/;

/** Names that the repository and the tests have in scope of the table. */
const TAKEN_BY_CODE =
  /^(and|app|application|asc|at|bodies|body|client|count|counted|create|data|database|desc|eq|fields|filter|first|given|id|limit|list|meta|order|page|row|rows|search|send|sql|total|where)$/;

/** What the table is called in code about it: its variable, unless that means something else there. */
export function tableName({ table: { variable } }: CrudDomain): string {
  return TAKEN_BY_CODE.test(variable) ? `${variable}Table` : variable;
}

/** The names of classes, types, functions and variables of a domain. */
export function elysiaNames({ names, id }: CrudDomain, { classes }: Layout) {
  const { singular, plural } = names;
  const { entity } = classes;
  const one = TAKEN.test(singular.camel) ? `${singular.camel}Item` : singular.camel;
  return {
    ...classes,
    interface: `I${singular.pascal}`,
    one,
    many: plural.camel,
    id: `${singular.pascal}${toCase(id.key, 'pascal')}`,
    createData: `Create${singular.pascal}Data`,
    updateData: `Update${singular.pascal}Data`,
    query: `${singular.pascal}Query`,
    filter: `${singular.pascal}Filter`,
    sortField: `${singular.pascal}SortField`,
    page: `${singular.pascal}Page`,
    params: `${singular.pascal}Params`,
    createBody: `Create${singular.pascal}Body`,
    updateBody: `Update${singular.pascal}Body`,
    listQuery: `${singular.pascal}ListQuery`,
    response: `${singular.pascal}Response`,
    listResponse: `${singular.pascal}ListResponse`,
    toEntity: `to${entity}`,
    toId: `to${singular.pascal}Id`,
    toCreateData: `toCreate${singular.pascal}Data`,
    toUpdateData: `toUpdate${singular.pascal}Data`,
    toQuery: `to${singular.pascal}Query`,
    toResponse: `to${singular.pascal}Response`,
  };
}

/** The domain in sentences: `an order item`, `order items`, `Order items`. */
export function domainWords({ names }: CrudDomain) {
  const one = names.singular.words;
  const many = names.plural.words;
  const a = `${/^[aeiou]/i.test(one) ? 'an' : 'a'} ${one}`;
  return { one, many, a, A: sentence(a), One: sentence(one), Many: sentence(many) };
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What an instance of a class is called. */
export function decapitalised(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

import { ts } from '../../../schema/compiler.cjs';
import type { CrudProject } from '../../crud-project.ts';
import { type CodePlace, declarationOf } from '../../refuses.ts';
import { type Copied, copied } from './copied.ts';

/** Middleware that checks input by a schema: `zValidator('json', schema)`. */
export interface ProjectValidator {
  readonly callee: Copied;
  /** It is the project's own, and answers as the project does. */
  readonly isOwn: boolean;
}

const TARGET = /^(json|query|param)$/;
/** What other generated domains use where the application has none. */
const GENERATED = /\/crud\/validate\.ts$/;

/** What most routes of some routers check their input with; undefined where they have no such middleware. */
export function projectValidator(
  codes: readonly { readonly node: ts.Node; readonly place: CodePlace }[],
  project: CrudProject,
): ProjectValidator | undefined {
  const found: ProjectValidator[] = [];
  for (const { node, place } of codes) {
    const visit = (each: ts.Node): void => {
      const validator = validatorOf(each, place, project);
      if (validator !== undefined) found.push(validator);
      ts.forEachChild(each, visit);
    };
    visit(node);
  }
  const times = ({ callee }: ProjectValidator): number =>
    found.filter((each) => each.callee.text === callee.text).length;
  return found.toSorted((a, b) => times(b) - times(a))[0];
}

function validatorOf(node: ts.Node, place: CodePlace, project: CrudProject): ProjectValidator | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const [target, schema] = node.arguments;
  if (target === undefined || schema === undefined) return undefined;
  if (!ts.isStringLiteralLike(target) || !TARGET.test(target.text)) return undefined;
  const callee = copied(node.expression, place, { project });
  const [from] = callee?.imports ?? [];
  if (callee === undefined || from === undefined) return undefined;
  if ('module' in from.from)
    return from.from.module === '@hono/zod-validator' ? { callee, isOwn: false } : undefined;
  if (GENERATED.test(from.from.path)) return undefined;
  const declared = declarationOf(node.expression.text, place, project);
  const isOwn =
    declared !== undefined &&
    declared !== 'package' &&
    /\b[zZ]Validator\b|\bvalidator\(|safeParse/.test(declared.node.getText(declared.place.ast));
  return isOwn ? { callee, isOwn } : undefined;
}

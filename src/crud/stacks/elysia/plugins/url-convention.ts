import { ts } from '../../../../schema/compiler.cjs';
import type { DomainNames } from '../../../domain.ts';
import { urlLike } from '../route-conventions.ts';
import type { Mount } from './mounts.ts';
import { groupPath } from './place.ts';

/** How the plugins of the other domains are reached. */
export interface UrlConvention {
  /** `/order-items`, `/api/order-items`. */
  readonly prefix: string;
  readonly update: 'patch' | 'put';
}

const ROUTE = /\.(?:get|post|put|patch|delete)\(\s*['"`](\/[^'"`]*)['"`]/;

/** What the neighbours show, else the usual. */
export function urlConvention(names: DomainNames, neighbours: readonly Mount[]): UrlConvention {
  const prefixes = neighbours.flatMap((mount) => {
    const { node, place } = mount.declared;
    const written = [prefixIn(node), groupPath(mount), ROUTE.exec(node.getText(place.ast))?.[1]];
    return (
      written.map((path) => urlLike(path, mount.subject, names)).find((path) => path !== undefined) ?? []
    );
  });
  const code = neighbours.map(({ declared: { node, place } }) => node.getText(place.ast)).join('\n');
  return {
    prefix: prefixes[0] ?? `/${names.plural.kebab}`,
    update: /\.put\(\s*['"`]/.test(code) && !/\.patch\(\s*['"`]/.test(code) ? 'put' : 'patch',
  };
}

/** `new Elysia({ prefix: '/users' })`. */
function prefixIn(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'Elysia') {
    const [options] = node.arguments ?? [];
    const properties = options && ts.isObjectLiteralExpression(options) ? options.properties : [];
    for (const property of properties)
      if (
        ts.isPropertyAssignment(property) &&
        ts.isIdentifier(property.name) &&
        property.name.text === 'prefix'
      )
        if (ts.isStringLiteralLike(property.initializer)) return property.initializer.text;
  }
  return ts.forEachChild(node, prefixIn);
}

/** Variables of a process without npm's and Node's own, which must not reach the project's tools (facts/plop.md, traps). */
export function withoutNpm(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !isOfNpm(name)));
}

/** NODE_OPTIONS and npm's settings. */
export function isOfNpm(name: string): boolean {
  return name === 'NODE_OPTIONS' || /^npm_/i.test(name);
}

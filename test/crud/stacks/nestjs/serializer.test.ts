import { describe, expect, it } from 'vitest';
import { exposing } from '../../../../src/crud/stacks/nestjs/serializer.ts';
import { projectOf } from '../../in-memory.ts';

const MAIN = (options: string): string => `import { ClassSerializerInterceptor } from '@nestjs/common';
app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector)${options}));
`;
const found = (main: string, version = '^12.0.0') =>
  exposing(projectOf({ 'main.ts': main }, { packages: new Map([['@nestjs/common', version]]) }));

describe('answers get past an interceptor of the whole application', () => {
  it('by exposed members of DTOs, where it leaves out whatever is not exposed', () => {
    expect(found(MAIN(", { strategy: 'excludeAll' }"))).toBe('dtos');
    expect(found(MAIN(', { excludeExtraneousValues: true }'))).toBe('dtos');
  });

  it('by a strategy of the controller, where Nest cannot make DTOs of rows', () => {
    expect(found(MAIN(", { strategy: 'excludeAll' }"), '~10.2.0')).toBe('strategy');
  });

  it('as they are, where it only leaves out what is excluded', () => {
    expect(found(MAIN(''))).toBeUndefined();
    expect(found(MAIN(", { strategy: 'exposeAll' }"))).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { guardNeeds } from '../../../../src/crud/stacks/nestjs/guard-needs.ts';
import { projectOf } from '../../in-memory.ts';

const USE = {
  decorators: ['@UseGuards(KeyGuard)'],
  guards: ['KeyGuard'],
  imports: [{ name: 'KeyGuard', from: { path: '/p/src/auth/key.guard.ts' } }],
};

const GUARD = (parameters: string): string => `import { Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { JwtService } from '@nestjs/jwt';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Key } from './key.entity';
import { KeysService } from './keys.service';

@Injectable()
export class KeyGuard {
  constructor(${parameters}) {}
}
`;
const SERVICE = (parameters = ''): string => `import { JwtService } from '@nestjs/jwt';

export class KeysService {
  constructor(${parameters}) {}
}
`;
const AUTH = (metadata: string, decorators = ''): string => `import { Global, Module } from '@nestjs/common';
import { KeysModule } from '../keys/keys.module';
import { KeysService } from './keys.service';

${decorators}@Module(${metadata})
export class AuthModule {}
`;
const NEIGHBOUR = (metadata: string): string => `import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module';
import { Key } from '../auth/key.entity';
import { KeysService } from '../auth/keys.service';
import { SECRET } from '../auth/secret';
import { BrandsController } from './brands.controller';

@Module({ controllers: [BrandsController], ${metadata} })
export class BrandsModule {}
`;

const needs = (files: Readonly<Record<string, string>>) =>
  guardNeeds(
    USE,
    projectOf({
      'auth/key.guard.ts': GUARD('private readonly reflector: Reflector, private readonly keys: KeysService'),
      'auth/keys.service.ts': SERVICE(),
      'auth/key.entity.ts': 'export class Key {}\n',
      'auth/secret.ts': "export const SECRET = 'x';\n",
      'auth/auth.module.ts': AUTH('{ providers: [KeysService], exports: [KeysService] }'),
      'brands/brands.controller.ts': '@UseGuards(KeyGuard)\nexport class BrandsController {}\n',
      'brands/brands.module.ts': NEIGHBOUR('imports: [AuthModule]'),
      ...files,
    }),
  );

describe('what the guards of a controller are given', () => {
  const module = { name: 'AuthModule', from: { path: '/p/src/auth/auth.module.ts' } };

  it('comes from the module that the neighbour imports, which tests of open guards leave out', () => {
    expect(needs({})).toEqual({
      entries: ['AuthModule'],
      providers: [],
      imports: [module],
      modules: [module],
    });
  });

  it('comes from a module that exports another', () => {
    const found = needs({
      'auth/auth.module.ts': AUTH('{ exports: [KeysModule] }'),
      'keys/keys.module.ts': AUTH('{ exports: [KeysService] }').replaceAll('AuthModule', 'KeysModule'),
    });
    expect(found.entries).toEqual(['AuthModule']);
  });

  it('comes from the one module that exports it, where no controller is guarded yet', () => {
    expect(needs({ 'brands/brands.controller.ts': 'export class BrandsController {}\n' }).entries).toEqual([
      'AuthModule',
    ]);
  });

  it('is there anyway, where a global module exports it', () => {
    const found = needs({
      'auth/auth.module.ts': AUTH('{ exports: [KeysService] }', '@Global()\n'),
      'brands/brands.module.ts': NEIGHBOUR(''),
    });
    expect(found).toEqual({ entries: [], providers: [], imports: [], modules: [] });
  });

  it('is provided beside the controller, with all that it is given itself', () => {
    const found = needs({
      'auth/keys.service.ts': SERVICE('private readonly jwt: JwtService'),
      'brands/brands.module.ts': NEIGHBOUR(
        'imports: [JwtModule.register({ secret: SECRET })], providers: [KeysService]',
      ),
    });
    expect(found).toMatchObject({
      entries: ['JwtModule.register({ secret: SECRET })'],
      providers: ['KeysService'],
      modules: [],
    });
    expect(found.imports.map(({ name }) => name)).toEqual(['KeysService', 'JwtModule', 'SECRET']);
  });

  it('is the repository of an entity', () => {
    const found = needs({
      'auth/key.guard.ts': GUARD('@InjectRepository(Key) private readonly keys: Repository<Key>'),
      'brands/brands.module.ts': NEIGHBOUR('imports: [TypeOrmModule.forFeature([Key])]'),
    });
    expect(found.entries).toEqual(['TypeOrmModule.forFeature([Key])']);
  });
});

import { describeTypeorm } from './typeorm-shape.ts';

describeTypeorm({
  name: 'NestJS with TypeOrmModule.forRootAsync alone, under TypeORM 0.3',
  folder: 'nest-for-root',
  instead: { typeorm: 'typeorm-0.3' },
  files: {
    '.prettierrc': `{
  "singleQuote": true,
  "trailingComma": "all"
}
`,
    'package.json': `{
  "name": "api",
  "private": true,
  "scripts": {
    "start:dev": "nest start --watch"
  }
}
`,
    'tsconfig.json': `{
  "compilerOptions": {
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "target": "ES2023",
    "emitDecoratorMetadata": true,
    "experimentalDecorators": true,
    "outDir": "./dist",
    "rootDir": ".",
    "strictNullChecks": true,
    "noImplicitAny": false,
    "strict": false,
    "skipLibCheck": true,
    "types": ["node"]
  },
  "include": ["src"]
}
`,
    'src/app.module.ts': `import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrdersModule } from './orders/orders.module';
import { UsersModule } from './users/users.module';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      imports: [ConfigModule],
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        host: config.get<string>('DB_HOST', 'localhost'),
        port: config.get<number>('DB_PORT', 5432),
        autoLoadEntities: true,
        synchronize: false,
        migrations: [__dirname + '/migrations/*{.ts,.js}'],
        migrationsRun: true,
      }),
    }),
    UsersModule,
    OrdersModule,
  ],
})
export class AppModule {}
`,
    'src/main.ts': `import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();
`,
    'src/migrations/1700000000000-Init.ts': `import { MigrationInterface, QueryRunner } from 'typeorm';

export class Init1700000000000 implements MigrationInterface {
  name = 'Init1700000000000';

  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      \`CREATE TYPE "public"."users_role_enum" AS ENUM('admin', 'customer')\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "users" ("id" SERIAL NOT NULL, "email" character varying NOT NULL, "full_name" character varying NOT NULL, "role" "public"."users_role_enum" NOT NULL DEFAULT 'customer', "phone" character varying(20), "created_at" TIMESTAMP NOT NULL DEFAULT now(), "updated_at" TIMESTAMP NOT NULL DEFAULT now(), CONSTRAINT "UQ_97672ac88f789774dd47f7c8be3" UNIQUE ("email"), CONSTRAINT "PK_a3ffb1c0c8416b9fc6f907b7433" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "orders" ("id" SERIAL NOT NULL, "total" numeric(10,2) NOT NULL, "note" character varying, "created_at" TIMESTAMP NOT NULL DEFAULT now(), "updated_at" TIMESTAMP NOT NULL DEFAULT now(), "user_id" integer, CONSTRAINT "PK_710e2d4957aa5878dfe94e4ac2f" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`CREATE TABLE "order_items" ("id" SERIAL NOT NULL, "product_name" character varying NOT NULL, "quantity" integer NOT NULL DEFAULT '1', "order_id" integer, CONSTRAINT "PK_005269d8574e6fac0493715c308" PRIMARY KEY ("id"))\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "orders" ADD CONSTRAINT "FK_a922b820eeef29ac1c6800e826a" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE NO ACTION\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "order_items" ADD CONSTRAINT "FK_145532db85752b29c57d2b7b1f1" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE CASCADE ON UPDATE NO ACTION\`,
    );
  }

  public async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      \`ALTER TABLE "order_items" DROP CONSTRAINT "FK_145532db85752b29c57d2b7b1f1"\`,
    );
    await queryRunner.query(
      \`ALTER TABLE "orders" DROP CONSTRAINT "FK_a922b820eeef29ac1c6800e826a"\`,
    );
    await queryRunner.query(\`DROP TABLE "order_items"\`);
    await queryRunner.query(\`DROP TABLE "orders"\`);
    await queryRunner.query(\`DROP TABLE "users"\`);
    await queryRunner.query(\`DROP TYPE "public"."users_role_enum"\`);
  }
}
`,
    'src/orders/entities/order-item.entity.ts': `import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
} from 'typeorm';
import { Order } from './order.entity';

@Entity('order_items')
export class OrderItem {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Order, (order) => order.items, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'order_id' })
  order: Order;

  @Column({ name: 'product_name' })
  productName: string;

  @Column({ type: 'int', default: 1 })
  quantity: number;
}
`,
    'src/orders/entities/order.entity.ts': `import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';
import { User } from '../../users/entities/user.entity';
import { OrderItem } from './order-item.entity';

@Entity('orders')
export class Order {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => User, (user) => user.orders, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user: User;

  @Column({ type: 'decimal', precision: 10, scale: 2 })
  total: number;

  @Column({ nullable: true })
  note: string;

  @OneToMany(() => OrderItem, (item) => item.order, { cascade: true })
  items: OrderItem[];

  @CreateDateColumn({ name: 'created_at' })
  createdAt: Date;

  @UpdateDateColumn({ name: 'updated_at' })
  updatedAt: Date;
}
`,
    'src/orders/orders.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrderItem } from './entities/order-item.entity';
import { Order } from './entities/order.entity';

@Module({
  imports: [TypeOrmModule.forFeature([Order, OrderItem])],
})
export class OrdersModule {}
`,
    'src/users/entities/user.entity.ts': `import {
  Column,
  CreateDateColumn,
  Entity,
  OneToMany,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} from 'typeorm';
import { Order } from '../../orders/entities/order.entity';

export enum UserRole {
  Admin = 'admin',
  Customer = 'customer',
}

@Entity('users')
export class User {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ unique: true })
  email: string;

  @Column({ name: 'full_name' })
  fullName: string;

  @Column({ type: 'enum', enum: UserRole, default: UserRole.Customer })
  role: UserRole;

  @Column({ length: 20, nullable: true })
  phone: string;

  @CreateDateColumn({ name: 'created_at' })
  createdAt: Date;

  @UpdateDateColumn({ name: 'updated_at' })
  updatedAt: Date;

  @OneToMany(() => Order, (order) => order.user)
  orders: Order[];
}
`,
    'src/users/users.module.ts': `import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { User } from './entities/user.entity';
import { UsersService } from './users.service';

@Module({
  imports: [TypeOrmModule.forFeature([User])],
  providers: [UsersService],
  exports: [UsersService],
})
export class UsersModule {}
`,
    'src/users/users.service.ts': `import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { User } from './entities/user.entity';

@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(User)
    private readonly users: Repository<User>,
  ) {}

  findByEmail(email: string): Promise<User | null> {
    return this.users.findOne({ where: { email } });
  }
}
`,
  },
  checks: [['prettier', '--check', 'src']],
  plans: {
    newTable: `
migration_type: new_domain
name: create_payments_table
domain_name: orders
table_name: payments
fields:
  - { name: id, type: serial, constraints: [PRIMARY KEY] }
  - { name: order_id, type: integer, constraints: [NOT NULL] }
  - { name: method, type: payments_method_enum, constraints: [NOT NULL, "DEFAULT 'card'"] }
  - { name: amount, type: 'numeric(10, 2)', constraints: [NOT NULL] }
  - { name: reference, type: varchar }
  - { name: created_at, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
  - { name: updated_at, type: timestamp, constraints: [NOT NULL, DEFAULT now()] }
indexes:
  - { fields: [order_id] }
foreign_keys:
  - { field: order_id, references: orders(id), on_delete: CASCADE }
---
migration_type: new_enum
enum_name: payments_method_enum
values: [card, bank-transfer]
`,
    columns: `
migration_type: modify_existing
table_name: orders
changes:
  add_columns:
    - { name: coupon_code, type: varchar(40) }
    - { name: is_gift, type: boolean, constraints: [NOT NULL, DEFAULT false] }
    - { name: shipped_at, type: timestamp }
  add_indexes:
    - { fields: [coupon_code] }
`,
    rename: `
migration_type: modify_existing
table_name: users
safety: { allow: [{ rule: rename-column, reason: one deploy with a stop }] }
changes:
  rename_columns: [{ from: full_name, to: display_name }, { from: email, to: login_email, keep_property: true }]
`,
    typeChange: `
migration_type: modify_existing
table_name: orders
safety: { allow: [{ rule: set-not-null, reason: backfilled last week }] }
changes:
  modify_columns:
    - { name: note, new_type: text, nullable: false, default: "''" }
    - { name: total, new_type: 'numeric(12, 2)' }
`,
    drop: `
migration_type: modify_existing
table_name: users
safety: { allow: [{ rule: drop-column, reason: nobody calls }] }
changes:
  drop_columns: [phone]
`,
  },
});

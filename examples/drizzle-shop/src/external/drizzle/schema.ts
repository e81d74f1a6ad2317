// Every table that drizzle-kit should see is exported from here.
export { brands } from './brands/brand.schema';
export { categories } from './categories/category.schema';
export { orders } from './orders/order.schema';
export { users } from './users/user.schema';

/// <reference types="astro/client" />

declare namespace App {
  // Astro reads this interface by merging; its members are declared with the things they describe.
  // eslint-disable-next-line @typescript-eslint/consistent-type-imports, @typescript-eslint/no-empty-object-type
  interface Locals extends Pick<import('#server/services.ts').RequestLocals, 'services' | 'session'> {}
}

/// <reference types="astro/client" />

declare namespace App {
  interface Locals extends Pick<import('#server/services.ts').RequestLocals, 'services' | 'session'> {}
}

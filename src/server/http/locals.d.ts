import type { RequestEdge } from './request-edge.ts';

declare global {
  namespace App {
    interface Locals {
      edge: RequestEdge;
    }
  }
}

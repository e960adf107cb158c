import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';

/** grpc.health.v1.HealthCheckResponse with `status: SERVING`: field 1, varint, 1. */
const serving = Uint8Array.from([8, 1]);

/** The health service of gRPC: as long as Relay answers at all, it serves. */
export const healthService = {
  definition: {
    check: {
      path: '/grpc.health.v1.Health/Check',
      requestStream: false,
      responseStream: false,
      requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
      requestDeserialize: (bytes: Buffer): Uint8Array => bytes,
      responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
      responseDeserialize: (bytes: Buffer): Uint8Array => bytes,
    },
  },
  handlers: {
    check(_call: ServerUnaryCall<Uint8Array, Uint8Array>, callback: sendUnaryData<Uint8Array>): void {
      callback(null, serving);
    },
  },
};

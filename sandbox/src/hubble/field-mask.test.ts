import { create, toJson } from '@bufbuild/protobuf';
import { flowWire } from '@bartizan/flow';
import { expect, test } from 'vitest';
import { applyMask } from './field-mask.ts';

test('a field mask keeps the fields that it names, whole or in part', () => {
  const flow = create(flowWire.FlowSchema, {
    verdict: flowWire.Verdict.DROPPED,
    uuid: 'u',
    source: { identity: 1, namespace: 'shop', labels: ['a', 'b'] },
    destination: { identity: 2, podName: 'p' },
    l4: { protocol: { case: 'TCP', value: { destinationPort: 80 } } },
    isReply: true,
  });
  const masked = applyMask(flowWire.FlowSchema, flow, [
    'verdict',
    'source.labels',
    'source.identity',
    'l4.TCP',
    'is_reply',
  ]);
  expect(toJson(flowWire.FlowSchema, masked)).toEqual({
    verdict: 'DROPPED',
    source: { identity: 1, labels: ['a', 'b'] },
    l4: { TCP: { destinationPort: 80 } },
    isReply: true,
  });
});

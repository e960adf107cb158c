import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateObject } from '../../fuzz/generate.ts';
import { seeded } from '../../fuzz/random.ts';
import { writeYaml } from '../../fuzz/texts.ts';
import { joinPath, splitPath } from './path.ts';
import { readManifests } from './read-manifests.ts';

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what is written is what is read', () => {
  test('a value as JSON — READ-12', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false, depthSize: 'medium' }), (value) => {
        const object = { apiVersion: 'v1', kind: 'A', value };
        const { manifests, problems } = readManifests(JSON.stringify(object, null, 2));
        expect(problems).toEqual([]);
        expect(plain(manifests[0]?.object)).toEqual(plain(object));
      }),
    );
  });

  test('a policy as YAML in every style — READ-12', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, style) => {
        const object = generateObject(seed);
        const { manifests, problems } = readManifests(writeYaml(object, seeded(style)));
        expect(problems.filter(({ code }) => code !== 'kustomize-patch')).toEqual([]);
        expect(plain(manifests[0]?.object)).toEqual(plain(object));
      }),
    );
  });

  test('each node of a text is at its range: read alone, it gives the same value — READ-13', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [manifest] = readManifests(writeYaml(generateObject(seed), seeded(seed))).manifests;
        const node = manifest?.nodeAt('spec');
        if (manifest === undefined || node === undefined) return;
        const column = manifest.text.lastIndexOf('\n', node.start) + 1;
        const alone = `apiVersion: v1\nkind: A\nspec:\n${' '.repeat(node.start - column)}${manifest.text.slice(node.start, node.end)}\n`;
        expect(plain(readManifests(alone).manifests[0]?.object['spec'] ?? null)).toEqual(
          plain(manifest.object['spec'] ?? null),
        );
      }),
    );
  });

  test('a path and its text', () => {
    const part = fc.oneof(fc.nat(), fc.string(), fc.constantFrom('a.b', '__proto__', 'x["y"]', ''));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(splitPath(joinPath(parts))).toEqual(parts);
      }),
    );
  });
});

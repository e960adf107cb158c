import type { ReactNode } from 'react';
import { Bone } from './Bone.tsx';

/** In the place of what a drawer is about to show. */
export function DrawerBones(): ReactNode {
  return (
    <section aria-busy="true">
      <Bone width="70%" />
      <Bone width="50%" />
      <Bone width="80%" />
    </section>
  );
}

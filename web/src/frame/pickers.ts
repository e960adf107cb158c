export { EnvironmentMenu } from './EnvironmentMenu.tsx';
export { RangeMenu } from './RangeMenu.tsx';
export { RefreshMenu } from './RefreshMenu.tsx';

export {
  ClassReason,
  EngineMode,
  RuleMatch,
  TransactionClass,
  TransactionDetail,
  TransactionRow,
} from './transaction.ts';

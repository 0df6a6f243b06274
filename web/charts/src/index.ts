export { PerenneChart } from "./element";
export type { ChartData } from "./table";

import { BarChart, BoxplotChart, GaugeChart, HeatmapChart, LineChart, PieChart, ScatterChart } from "echarts/charts";
import {
  DataZoomComponent, DatasetComponent, GridComponent, LegendComponent, MarkAreaComponent, MarkLineComponent,
  TitleComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { AriaComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, BoxplotChart, GaugeChart, HeatmapChart, LineChart, PieChart, ScatterChart,
  AriaComponent, DataZoomComponent, DatasetComponent, GridComponent, LegendComponent, MarkAreaComponent,
  MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent, SVGRenderer,
]);

export { init };
export type { EChartsType } from "echarts/core";

// Charts. Each reads its data from the JSON beside it and has a table twin in the page, so that
// nothing is lost without script. A click on a point opens the record.
import { BarChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use, type ComposeOption, type ECharts } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { BarSeriesOption, ScatterSeriesOption } from "echarts/charts";
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from "echarts/components";

use([BarChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

type Option = ComposeOption<
  BarSeriesOption | ScatterSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption
>;

interface Point {
  name: string;
  href: string;
  value: [number, number];
}
interface Scatter {
  kind: "scatter";
  x: string;
  y: string;
  points: Point[];
}
interface Bars {
  kind: "bars";
  categories: string[];
  series: { name: string; values: number[]; hrefs: string[] }[];
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis(name: string) {
  return {
    name,
    nameLocation: "middle" as const,
    nameGap: 28,
    nameTextStyle: { color: colour("--muted") },
    axisLabel: { color: colour("--muted") },
    axisLine: { lineStyle: { color: colour("--line-strong") } },
    splitLine: { lineStyle: { color: colour("--line") } },
  };
}

// Rich text, not HTML: the page's policy forbids styles inside tooltips.
const tooltip = { renderMode: "richText" as const, confine: true, textStyle: { fontSize: 12 } };

function scatter(data: Scatter): Option {
  return {
    animation: false,
    tooltip: {
      ...tooltip,
      formatter: (item) => {
        const { data: point } = item as unknown as { data: Point };
        return `${point.name}\n${data.x} ${point.value[0]}\n${data.y} ${point.value[1]}`;
      },
    },
    grid: { left: 48, right: 16, top: 16, bottom: 44 },
    xAxis: { type: "value", min: 0, ...axis(data.x) },
    yAxis: { type: "value", scale: true, max: 100, ...axis(data.y), nameGap: 34 },
    series: [
      {
        type: "scatter",
        symbolSize: 8,
        itemStyle: { color: colour("--accent"), opacity: 0.65 },
        data: data.points as unknown as ScatterSeriesOption["data"],
      },
    ],
  };
}

function bars(data: Bars): Option {
  const colours = [colour("--accent"), colour("--line-strong")];
  return {
    animation: false,
    tooltip: { ...tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
    legend: data.series.length > 1 ? { top: 0, right: 0, textStyle: { color: colour("--muted") } } : undefined,
    grid: { left: 40, right: 8, top: 32, bottom: 28 },
    xAxis: { type: "category", data: data.categories, ...axis(""), axisTick: { show: false } },
    yAxis: { type: "value", minInterval: 1, ...axis("") },
    series: data.series.map((series, place) => ({
      type: "bar" as const,
      name: series.name,
      barMaxWidth: 28,
      itemStyle: { color: colours[place % colours.length], borderRadius: [2, 2, 0, 0] },
      data: series.values.map((value, index) => ({ value, href: series.hrefs[index] })),
    })),
  };
}

function draw(figure: HTMLElement): void {
  const source = figure.querySelector<HTMLScriptElement>("script[type='application/json']");
  const place = figure.querySelector<HTMLElement>(".chart-area");
  if (!source || !place) return;
  place.hidden = false;
  const data = JSON.parse(source.textContent ?? "") as Scatter | Bars;
  const chart: ECharts = init(place, null, { renderer: "svg" });
  chart.setOption(data.kind === "scatter" ? scatter(data) : bars(data));
  // The table stands ready below; with the chart drawn it need not stay open.
  figure.querySelector<HTMLDetailsElement>("details.twin")?.removeAttribute("open");
  chart.on("click", (event) => {
    const href = (event.data as { href?: string } | undefined)?.href;
    if (href) window.location.assign(href);
  });
  // The layout settles after the first drawing; without this, labels are clipped.
  new ResizeObserver(() => chart.resize()).observe(place);
}

for (const figure of document.querySelectorAll<HTMLElement>(".chart")) draw(figure);

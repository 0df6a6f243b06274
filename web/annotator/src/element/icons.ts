import selectSvg from "@tabler/icons/outline/pointer.svg";
import boxSvg from "@tabler/icons/outline/square.svg";
import rotatedBoxSvg from "@tabler/icons/outline/square-rotated.svg";
import extremeSvg from "@tabler/icons/outline/crosshair.svg";
import polygonSvg from "@tabler/icons/outline/polygon.svg";
import polylineSvg from "@tabler/icons/outline/line.svg";
import pointSvg from "@tabler/icons/outline/focus-centered.svg";
import brushSvg from "@tabler/icons/outline/brush.svg";
import eraserSvg from "@tabler/icons/outline/eraser.svg";
import pinSvg from "@tabler/icons/outline/map-pin.svg";
import undoSvg from "@tabler/icons/outline/arrow-back-up.svg";
import redoSvg from "@tabler/icons/outline/arrow-forward-up.svg";
import helpSvg from "@tabler/icons/outline/keyboard.svg";
import filtersSvg from "@tabler/icons/outline/adjustments.svg";
import eyeSvg from "@tabler/icons/outline/eye.svg";
import eyeOffSvg from "@tabler/icons/outline/eye-off.svg";
import lockSvg from "@tabler/icons/outline/lock.svg";
import lockOpenSvg from "@tabler/icons/outline/lock-open.svg";
import trashSvg from "@tabler/icons/outline/trash.svg";
import checkSvg from "@tabler/icons/outline/check.svg";
import closeSvg from "@tabler/icons/outline/x.svg";
import skipSvg from "@tabler/icons/outline/player-skip-forward.svg";
import sendSvg from "@tabler/icons/outline/send.svg";
import panelSvg from "@tabler/icons/outline/layout-sidebar-right.svg";
import zoomInSvg from "@tabler/icons/outline/zoom-in.svg";
import zoomOutSvg from "@tabler/icons/outline/zoom-out.svg";
import guidelinesSvg from "@tabler/icons/outline/book.svg";
import fitSvg from "@tabler/icons/outline/maximize.svg";
import noDefectSvg from "@tabler/icons/outline/circle-check.svg";
import fixSvg from "@tabler/icons/outline/pencil.svg";
import compareSvg from "@tabler/icons/outline/columns.svg";
import rejectSvg from "@tabler/icons/outline/arrow-back.svg";
import repeatSvg from "@tabler/icons/outline/copy-plus.svg";

const sources = {
  select: selectSvg, box: boxSvg, rotatedBox: rotatedBoxSvg, extreme: extremeSvg, polygon: polygonSvg, polyline: polylineSvg, point: pointSvg, brush: brushSvg, eraser: eraserSvg, pin: pinSvg, undo: undoSvg, redo: redoSvg, help: helpSvg, filters: filtersSvg, eye: eyeSvg, eyeOff: eyeOffSvg, lock: lockSvg, lockOpen: lockOpenSvg, trash: trashSvg, check: checkSvg, close: closeSvg, skip: skipSvg, send: sendSvg, panel: panelSvg, zoomIn: zoomInSvg, zoomOut: zoomOutSvg, guidelines: guidelinesSvg, fit: fitSvg, noDefect: noDefectSvg, fix: fixSvg, compare: compareSvg, reject: rejectSvg, repeat: repeatSvg,
};

export type IconName = keyof typeof sources;

export function icon(name: IconName): SVGElement {
  const holder = document.createElement("template");
  holder.innerHTML = sources[name].slice(sources[name].indexOf("<svg"));
  const svg = holder.content.firstElementChild as SVGElement;
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  return svg;
}

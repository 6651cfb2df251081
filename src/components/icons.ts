import arrowDown from 'lucide-static/icons/arrow-down.svg?raw';
import arrowLeft from 'lucide-static/icons/arrow-left.svg?raw';
import arrowUp from 'lucide-static/icons/arrow-up.svg?raw';
import brain from 'lucide-static/icons/brain.svg?raw';
import check from 'lucide-static/icons/check.svg?raw';
import chevronDown from 'lucide-static/icons/chevron-down.svg?raw';
import chevronRight from 'lucide-static/icons/chevron-right.svg?raw';
import circleAlert from 'lucide-static/icons/circle-alert.svg?raw';
import circleCheck from 'lucide-static/icons/circle-check.svg?raw';
import circleDashed from 'lucide-static/icons/circle-dashed.svg?raw';
import circleX from 'lucide-static/icons/circle-x.svg?raw';
import clock from 'lucide-static/icons/clock.svg?raw';
import copy from 'lucide-static/icons/copy.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import externalLink from 'lucide-static/icons/external-link.svg?raw';
import eye from 'lucide-static/icons/eye.svg?raw';
import file from 'lucide-static/icons/file.svg?raw';
import filePen from 'lucide-static/icons/file-pen-line.svg?raw';
import filePlus from 'lucide-static/icons/file-plus.svg?raw';
import fileSearch from 'lucide-static/icons/file-search.svg?raw';
import folder from 'lucide-static/icons/folder.svg?raw';
import listChecks from 'lucide-static/icons/list-checks.svg?raw';
import info from 'lucide-static/icons/info.svg?raw';
import lockOpen from 'lucide-static/icons/lock-open.svg?raw';
import messageSquare from 'lucide-static/icons/message-square.svg?raw';
import monitor from 'lucide-static/icons/monitor.svg?raw';
import moon from 'lucide-static/icons/moon.svg?raw';
import panelLeft from 'lucide-static/icons/panel-left.svg?raw';
import paperclip from 'lucide-static/icons/paperclip.svg?raw';
import pause from 'lucide-static/icons/pause.svg?raw';
import pencil from 'lucide-static/icons/pencil.svg?raw';
import play from 'lucide-static/icons/play.svg?raw';
import plus from 'lucide-static/icons/plus.svg?raw';
import redo from 'lucide-static/icons/redo-2.svg?raw';
import rotateCw from 'lucide-static/icons/rotate-cw.svg?raw';
import save from 'lucide-static/icons/save.svg?raw';
import scrollText from 'lucide-static/icons/scroll-text.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import settings from 'lucide-static/icons/settings.svg?raw';
import smartphone from 'lucide-static/icons/smartphone.svg?raw';
import square from 'lucide-static/icons/square.svg?raw';
import star from 'lucide-static/icons/star.svg?raw';
import sun from 'lucide-static/icons/sun.svg?raw';
import sunMoon from 'lucide-static/icons/sun-moon.svg?raw';
import tablet from 'lucide-static/icons/tablet.svg?raw';
import terminal from 'lucide-static/icons/terminal.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import triangleAlert from 'lucide-static/icons/triangle-alert.svg?raw';
import undo from 'lucide-static/icons/undo-2.svg?raw';
import upload from 'lucide-static/icons/upload.svg?raw';
import wrench from 'lucide-static/icons/wrench.svg?raw';
import x from 'lucide-static/icons/x.svg?raw';

const files = {
  'arrow-down': arrowDown,
  'arrow-left': arrowLeft,
  'arrow-up': arrowUp,
  brain,
  check,
  'chevron-down': chevronDown,
  'chevron-right': chevronRight,
  'circle-alert': circleAlert,
  'circle-check': circleCheck,
  'circle-dashed': circleDashed,
  'circle-x': circleX,
  clock,
  copy,
  download,
  'external-link': externalLink,
  eye,
  file,
  'file-pen': filePen,
  'file-plus': filePlus,
  'file-search': fileSearch,
  folder,
  info,
  'list-checks': listChecks,
  'lock-open': lockOpen,
  'message-square': messageSquare,
  monitor,
  moon,
  'panel-left': panelLeft,
  paperclip,
  pause,
  pencil,
  play,
  plus,
  redo,
  'rotate-cw': rotateCw,
  save,
  'scroll-text': scrollText,
  search,
  settings,
  smartphone,
  square,
  star,
  sun,
  'sun-moon': sunMoon,
  tablet,
  terminal,
  trash,
  'triangle-alert': triangleAlert,
  undo,
  upload,
  wrench,
  x,
} as const;

export type IconName = keyof typeof files;

/** The shapes inside an icon's `<svg>`, drawn on 24 × 24 with the current colour. */
export function iconShapes(name: IconName): string {
  const file = files[name];
  return file.slice(file.indexOf('>', file.indexOf('<svg')) + 1, file.lastIndexOf('</svg>')).trim();
}

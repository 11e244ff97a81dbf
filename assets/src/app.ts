// What every page does with script. Without script every page still works.
import "./htmx-settings";
import "./shell";
import "./keyboard";
import "./list";
import "./upload";
import "./sheet";
import "./edit";
import "./library";
import "./review";

// The pages of the settings, as far as the reader may see them.
import { paths } from "../paths";
import { Tabs } from "./tabs";

export function SettingsTabs({ mayManage, mayExport }: { mayManage: boolean; mayExport: boolean }) {
  const tabs = [
    ...(mayManage ? [{ name: "General", to: paths.settings }] : []),
    ...(mayExport ? [{ name: "Export", to: paths.exports }] : []),
    ...(mayManage ? [{ name: "Delete", to: paths.deleteOrganization }] : []),
  ];
  return <Tabs label="Pages of the settings" tabs={tabs} />;
}

#include "report/training_page.h"

#include <fmt/format.h>

#include "report/html.h"

namespace bonafide {

namespace {

std::string text_of(const std::optional<double>& value, double factor, int digits) {
  return value ? fmt::format("{:.{}f}", factor * *value, digits) : "";
}

HtmlTable table_of(const TrainingPage& page) {
  HtmlTable table{"Epochs", {"epoch", "training loss", fmt::format("{} EER (%)", page.part)}, {}};
  for (const Epoch& epoch : page.epochs) {
    table.rows.push_back({fmt::format("{:g}", epoch.number), text_of(epoch.loss, 1, 4),
                          text_of(epoch.dev_eer, 100, 2)});
  }
  return table;
}

}  // namespace

std::string training_page(const TrainingPage& page) {
  HtmlReport html(page.title);
  if (!page.part.empty() && page.part != "dev") {
    html.add_warning(fmt::format(
        "The best epoch is chosen on the {} part: its EER there is no estimate for new data.",
        page.part));
  }
  const Epoch* best = nullptr;
  for (const Epoch& epoch : page.epochs) {
    if (epoch.dev_eer && (best == nullptr || *epoch.dev_eer < *best->dev_eer)) best = &epoch;
  }
  if (best != nullptr) {
    html.add_figure_of_merit(fmt::format("{} EER", page.part),
                             text_of(best->dev_eer, 100, 2) + " %",
                             fmt::format("epoch {:g} of {}", best->number, page.epochs.size()));
  }
  html.add_figure(fmt::format("Loss on the training part and EER on the {} part.", page.part),
                  learning_curves(page.epochs, page.part));
  html.add_table(table_of(page));
  html.add_run_card(page.run_card);
  return html.text();
}

}  // namespace bonafide

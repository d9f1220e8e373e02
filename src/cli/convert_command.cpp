#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "base/text.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/model_file.h"
#include "checkpoint/pytorch_writer.h"
#include "checkpoint/safetensors.h"
#include "checkpoint/ssl_source.h"
#include "checkpoint/weight_choice.h"
#include "cli/commands.h"
#include "cli/model_import.h"
#include "cli/recipe_argument.h"
#include "cli/say.h"

namespace bonafide {

namespace {

namespace fs = std::filesystem;

struct Options {
  std::string in;
  std::string out;
  std::string system;
  std::string set;
  bool embed = false;
  std::vector<std::string> overrides;
};

constexpr std::string_view kOfEncoder = "encoder.";  // begins what is told of one without a recipe
constexpr std::array<std::string_view, 2> kPyTorch = {".pth", ".pt"};
constexpr std::array<std::string_view, 3> kOtherFormats = {".ckpt", ".bin", ".onnx"};

template <size_t N>
bool ends_in_one_of(const std::string& path, const std::array<std::string_view, N>& endings) {
  const std::string ending = lower(fs::path(path).extension().native());
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

void check(const Options& options) {
  const bool asks_for_recipe =
      std::any_of(options.overrides.begin(), options.overrides.end(),
                  [](const std::string& word) { return !word.starts_with(kOfEncoder); });
  if (options.system.empty() && asks_for_recipe) {
    throw UsageError(fmt::format("convert: {}: key=value changes a recipe; name one by --system",
                                 printable(options.overrides.front())));
  }
  if (ends_in_one_of(options.out, kOtherFormats)) {
    throw UsageError(fmt::format("{}: convert writes .safetensors and PyTorch's .pth alone",
                                 printable(options.out)));
  }
  if (ends_in_one_of(options.out, kPyTorch) && !options.system.empty()) {
    throw UsageError(fmt::format("{}: a .pth file cannot describe itself; leave out --system",
                                 printable(options.out)));
  }
  std::error_code missing;
  if (fs::equivalent(options.in, options.out, missing)) {
    throw UsageError(
        fmt::format("{}: is the input; name another file for the output", printable(options.out)));
  }
}

int64_t parameters(const TensorFile& file) {
  int64_t count = 0;
  for (const auto& [name, tensor] : file.tensors) count += tensor.elements();
  return count;
}

// `note`: which weights were taken; "" when there is nothing to say.
void report(const Options& options, const TensorFile& file, const std::string& what,
            const std::string& note) {
  fmt::print("{}: {} tensors, {} values; {}{}{}\n", printable(options.out), file.tensors.size(),
             parameters(file), what, note.empty() ? "" : "; ", note);
}

// A model of ours whose file leaves out what lies in others.
bool needs_others(const StoredWeights& stored, const std::string& name) {
  const auto description = read_description(stored.metadata, name);
  return description && !description->base.is_null();
}

// The model with all of its tensors.
void embed(const Options& options) {
  ModelFile model = read_model(options.in);
  model.description.base = nullptr;
  write_model(options.out, model.description, model.file);
  report(options, model.file,
         fmt::format("describes itself as {} and needs no other file",
                     printable(model.description.name)),
         "");
}

StoredWeights read_weights(const Options& options) {
  StoredWeights stored = read_stored_weights(options.in);
  if (stored.encoder && !read_description(stored.metadata, options.in)) {
    tell_encoder(stored, options.overrides, options.in);
  } else if (options.system.empty() && !options.overrides.empty()) {
    throw UsageError(fmt::format("{}: no speech encoder that {} could be told of",
                                 printable(options.in), printable(options.overrides.front())));
  }
  return stored;
}

// What a plain file holds, and what is not told there.
std::string plain_contents(const StoredWeights& stored) {
  if (!stored.encoder) {
    return "plain tensors: without --system it does not say which network they belong to";
  }
  const StoredEncoder& encoder = *stored.encoder;
  std::string text =
      fmt::format("{} ({}), its names as Hugging Face's",
                  encoder.prefix.ends_with("extractor.") ? "a network with a speech encoder"
                                                         : "a speech encoder",
                  describe(encoder));
  if (encoder.left_out > 0) {
    text += fmt::format(
        "; left out: {} of pre-training",
        encoder.left_out == 1 ? "1 tensor" : fmt::format("{} tensors", encoder.left_out));
  }
  if (!encoder.untold.empty()) {
    text += fmt::format(
        "; what it does not say of itself can be told, published ones of this "
        "shape have {}",
        ask_for_untold(encoder));
  }
  return text;
}

void convert_plainly(const Options& options) {
  const StoredWeights stored = read_weights(options);
  const bool leaves_out = needs_others(stored, options.in);
  if (options.embed && leaves_out) return embed(options);
  const auto [file, note] = choose_weights(stored, options.set, options.in);
  const auto description = read_description(file.metadata, options.in);
  write_safetensors(options.out, file);
  report(options, file,
         description
             ? fmt::format("describes itself as {}{}", printable(description->name),
                           leaves_out ? "; its other tensors stay in the file that it names "
                                        "(--embed takes them in)"
                                      : "")
             : plain_contents(stored),
         description ? "" : note);
}

void convert_to_pytorch(const Options& options) {
  const StoredWeights stored = read_weights(options);
  const auto [file, note] = needs_others(stored, options.in)
                                ? WeightChoice{read_model(options.in).file, ""}
                                : choose_weights(stored, options.set, options.in);
  write_pytorch(options.out, file);
  report(options, file,
         stored.encoder ? "a state dict, as torch.save writes it, under Hugging Face's names"
                        : "a state dict, as torch.save writes it",
         read_description(file.metadata, options.in) ? "" : note);
}

void convert_to_model(const Options& options) {
  const Recipe recipe = open_recipe(options.system, options.overrides);
  const ImportedModel imported = import_model(options.in, options.out, recipe, options.set);
  const ModelDescription& description = imported.model.description;
  if (!imported.checked) {
    say("bonafide: note: {}: not checked against the network, as bonafide-torch is not "
        "built\n",
        printable(options.out));
  }
  const std::string title = description.card_text("title");
  report(options, imported.model.file,
         fmt::format("describes itself as {}{}", printable(description.name),
                     title.empty() ? "" : fmt::format(" ({})", printable(title))),
         imported.note);
}

}  // namespace

std::function<int()> declare_convert(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  app.add_option("in", options->in,
                 "a checkpoint: safetensors, what PyTorch saves, or a folder of Hugging Face")
      ->required();
  app.add_option("out", options->out,
                 "the file to write: .safetensors, or .pth for a state dict as PyTorch reads it")
      ->required();
  app.add_option("--system", options->system,
                 "recipe (a YAML file, or a built-in name) that describes the network");
  app.add_flag(
      "--embed", options->embed,
      "of a model that was trained with train.store_frozen=false: one file with all of its "
      "tensors");
  app.add_option(
      "--weights-from", options->set,
      "which set of weights to take where the file holds several (\"ema\"); default: the "
      "plain one");
  app.add_option(
      "overrides", options->overrides,
      "key=value, changes the recipe; without one, encoder.key=value tells what the file "
      "of a speech encoder does not");
  app.footer(
      "With --system the file describes itself, and bonafide score --model FILE needs nothing "
      "else.\n"
      "Without, it holds the tensors alone, and what the input said of itself.\n\n"
      "Examples:\n"
      "  bonafide convert AASIST.pth aasist.safetensors --system aasist\n"
      "  bonafide convert epoch_12.pth tensors.safetensors\n"
      "  bonafide convert wav2vec2-xls-r-300m/ encoder.safetensors\n"
      "  bonafide convert runs/aasist/best.safetensors best.pth");
  return [options] {
    check(*options);
    if (ends_in_one_of(options->out, kPyTorch)) {
      convert_to_pytorch(*options);
    } else if (options->system.empty()) {
      convert_plainly(*options);
    } else {
      convert_to_model(*options);
    }
    return 0;
  };
}

}  // namespace bonafide

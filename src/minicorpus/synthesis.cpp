#include "minicorpus/synthesis.h"

#include <fmt/format.h>
#include <iconv.h>

#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"

namespace bonafide {

namespace {

constexpr double kTimeoutSeconds = 120;

Voice espeak(std::string name) {
  const std::string language = name.substr(0, 2);
  return {.id = "espeak-ng-" + name,
          .speaker = "espeak-ng-" + name,
          .language = language,
          .package = "espeak-ng",
          .licence = "GPL-3+",
          .engine = Engine::kEspeak,
          .name = name};
}

Voice flite(std::string name) {
  return {.id = "flite-" + name,
          .speaker = "flite-" + name,
          .language = "en",
          .package = "flite",
          .licence = "BSD-like (Carnegie Mellon University)",
          .engine = Engine::kFlite,
          .name = name};
}

Voice festival(std::string name, std::string language, std::string package, std::string licence,
               std::string encoding = "UTF-8") {
  return {.id = "festival-" + name,
          .speaker = "festival-" + name,
          .language = std::move(language),
          .package = std::move(package),
          .licence = std::move(licence),
          .engine = Engine::kFestival,
          .name = name,
          .encoding = std::move(encoding)};
}

std::vector<Voice> make_voices() {
  std::vector<Voice> table = {
      espeak("en-us"),
      espeak("en-us+f3"),
      espeak("es"),
      espeak("fr"),
      espeak("ru"),
      espeak("it"),
      flite("kal16"),
      flite("awb"),
      flite("rms"),
      flite("slt"),
      festival("ked_diphone", "en", "festvox-kdlpc16k", "BSD-like (Carnegie Mellon University)"),
      festival("cmu_us_slt_arctic_hts", "en", "festvox-us-slt-hts", "BSD-like"),
      festival("upc_ca_ona_hts", "ca", "festvox-ca-ona-hts", "LGPL-2.1+", "ISO-8859-15"),
      festival("lp_diphone", "it", "festvox-italp16k", "GPL-2+", "ISO-8859-1"),
      festival("pc_diphone", "it", "festvox-itapc16k", "GPL-2+", "ISO-8859-1"),
      festival("msu_ru_nsh_clunits", "ru", "festvox-ru", "BSD-like (N. Shmyrev 2005)"),
      festival("czech_dita", "cs", "festvox-czech-dita", "GPL-2+", "ISO-8859-2"),
      festival("suo_fi_lj_diphone", "fi", "festvox-suopuhe-lj", "LGPL-2+", "ISO-8859-1"),
  };
  for (Voice& voice : table) {
    // Cut from the recordings of a human source of the corpus: the case of a known target.
    if (voice.name == "msu_ru_nsh_clunits") voice.speaker = "nsh";
  }
  return table;
}

std::string encode(const std::string& text, const std::string& encoding) {
  if (encoding == "UTF-8") return text;
  const iconv_t converter = ::iconv_open(encoding.c_str(), "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    throw Error(fmt::format("{}: an encoding that this system does not know", encoding));
  }
  std::string result(text.size(), '\0');  // one byte for each character
  char* from = const_cast<char*>(text.data());
  char* to = result.data();
  size_t left = text.size(), room = result.size();
  const bool whole = ::iconv(converter, &from, &left, &to, &room) != static_cast<size_t>(-1);
  ::iconv_close(converter);
  if (!whole) throw Error(fmt::format("\"{}\" cannot be written in {}", text, encoding));
  result.resize(result.size() - room);
  return result;
}

// As Scheme reads it.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::filesystem::path unfinished(const std::filesystem::path& path) {
  return path.string() + ".part";
}

// Festival starts slowly: all sentences go to one process.
void speak_festival(const Voice& voice, const std::vector<Sentence>& sentences) {
  std::string script = fmt::format("(voice_{})\n", voice.name);
  for (const Sentence& sentence : sentences) {
    script += fmt::format("(utt.save.wave (utt.synth (Utterance Text {})) {} 'riff)\n",
                          quoted(encode(sentence.text, voice.encoding)),
                          quoted(unfinished(sentence.path).string()));
  }
  const std::filesystem::path file = sentences.front().path.string() + ".scm";
  write_atomically(file, script);
  run({.arguments = {"festival", "--batch", file.string()}, .timeout_seconds = kTimeoutSeconds});
  std::filesystem::remove(file);
}

std::vector<std::string> command_for(const Voice& voice, const Sentence& sentence) {
  const std::string text = encode(sentence.text, voice.encoding);
  const std::string path = unfinished(sentence.path).string();
  if (voice.engine == Engine::kFlite) {
    return {"flite", "-voice", voice.name, "-t", text, "-o", path};
  }
  return {"espeak-ng", "-v", voice.name, "-w", path, text};
}

}  // namespace

const std::vector<Voice>& voices() {
  static const std::vector<Voice> table = make_voices();
  return table;
}

const Voice& find_voice(std::string_view id) {
  for (const Voice& voice : voices()) {
    if (voice.id == id) return voice;
  }
  throw Error(fmt::format("no voice called \"{}\"", id));
}

bool is_installed(const Voice& voice, const std::filesystem::path& share) {
  if (voice.engine == Engine::kEspeak) return program_exists("espeak-ng");
  if (voice.engine == Engine::kFlite) return program_exists("flite");
  if (!program_exists("festival")) return false;
  const auto folder = share / "festival/voices";
  if (!std::filesystem::is_directory(folder)) return false;
  for (const auto& language : std::filesystem::directory_iterator(folder)) {
    if (std::filesystem::is_directory(language.path() / voice.name)) return true;
  }
  return false;
}

void speak(const Voice& voice, const std::vector<Sentence>& sentences) {
  if (sentences.empty()) return;
  if (voice.engine == Engine::kFestival) {
    speak_festival(voice, sentences);
  } else {
    for (const Sentence& sentence : sentences) {
      run({.arguments = command_for(voice, sentence), .timeout_seconds = kTimeoutSeconds});
    }
  }
  for (const Sentence& sentence : sentences) {
    const auto part = unfinished(sentence.path);
    if (!std::filesystem::exists(part)) {
      throw Error(fmt::format("{} made no sound of \"{}\"", voice.id, sentence.text));
    }
    std::filesystem::rename(part, sentence.path);
  }
}

}  // namespace bonafide

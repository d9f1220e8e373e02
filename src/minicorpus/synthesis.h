#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bonafide {

enum class Engine { kEspeak, kFlite, kFestival };

// One voice of a speech synthesiser in Debian.
struct Voice {
  std::string id;        // "flite-slt"
  std::string speaker;   // whose voice it is built from; the id where nobody's
  std::string language;  // of mini_sentences
  std::string package;
  std::string licence;
  Engine engine = Engine::kEspeak;
  std::string name;                // what the engine calls it
  std::string encoding = "UTF-8";  // of the text that the engine wants
};

const std::vector<Voice>& voices();

// The voice of that id. Throws Error.
const Voice& find_voice(std::string_view id);

// Whether its program, and its data below `share`, are there.
bool is_installed(const Voice& voice, const std::filesystem::path& share);

// A sentence and the WAV file that it becomes.
struct Sentence {
  std::string text;  // UTF-8
  std::filesystem::path path;
};

// Speaks a few sentences: each path is missing, or whole, afterwards. Throws Error when the engine
// fails.
void speak(const Voice& voice, const std::vector<Sentence>& sentences);

}  // namespace bonafide

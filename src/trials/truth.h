#pragma once

#include <cstdint>
#include <string_view>

namespace bonafide {

// What a trial really is. Countermeasures know bona fide and spoof, their labels; speaker
// verification splits the bona fide ones into target and nontarget, its keys.
enum class Truth : uint8_t { kUnknown, kBonaFide, kTarget, kNontarget, kSpoof };

inline bool is_bona_fide(Truth t) {
  return t == Truth::kBonaFide || t == Truth::kTarget || t == Truth::kNontarget;
}

// What a countermeasure should say: bona fide, spoof or unknown.
inline Truth label_of(Truth t) { return is_bona_fide(t) ? Truth::kBonaFide : t; }

// Whether the two cannot be said of one trial. Bona fide may be target or nontarget, and unknown
// anything.
bool contradict(Truth one, Truth other);

std::string_view name_of(Truth t);  // "bonafide", "target", ..., "" for unknown

// The field's words: bonafide, bona-fide, bona_fide, genuine, human, real; spoof, spoofed, fake,
// deepfake, morph; target, tar; nontarget, non-target, non, impostor, imposter. In any case;
// kUnknown for every other word.
Truth find_truth(std::string_view word);

// The label of a countermeasure, in one of these words: bona fide or spoof. Blanks around it do not
// count. Throws UsageError for any other.
Truth parse_label(std::string_view word);

// The key of a verification trial, in one of these words: target, nontarget or spoof. Throws
// UsageError for any other.
Truth parse_asv_key(std::string_view word);

// The key as a number: 1 target, 2 nontarget, 0 spoof, as the score fusion tool of ASVspoof 5 has
// it; 1 target, 0 nontarget, as pair lists of VoxCeleb have it. Throw UsageError for any other.
Truth parse_sasv_number(std::string_view word);
Truth parse_target_number(std::string_view word);

}  // namespace bonafide

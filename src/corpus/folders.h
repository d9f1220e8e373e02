#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/corpus.h"

namespace bonafide {

// Says what a recording is by the folders it lies in, given as names from the folder that is walked
// down to (not with) the file; false: the data set has no such folder. A trial that gets another
// partition than the part that is asked for belongs to that one.
using FolderRule = std::function<bool(Trial& trial, const std::vector<std::string>& folders)>;

// The recordings in a folder below the request's root and in its folders (list_recordings()),
// sorted by name. A trial's id is the path from the root. Recordings that no rule knows, and what
// cannot be read, are noted in the request's leftovers. A folder without any recording, or none at
// all, is a UsageError.
std::vector<Trial> trials_in_folder(const CorpusRequest& request, std::string_view below,
                                    const FolderRule& rule);

// Whether the name has one of the words in it, upper or lower case.
bool mentions(std::string_view name, std::initializer_list<std::string_view> words);

bool is_one_of(std::string_view name, std::span<const std::string_view> names);

// Bona fide, or spoofed by this attack.
void mark_bona_fide(Trial& trial);
void mark_spoof(Trial& trial, std::string_view attack);

}  // namespace bonafide

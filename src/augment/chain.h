#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "augment/augmentation.h"
#include "base/json.h"

namespace bonafide {

// Steps one after the other, each with its own probability "p" (1 when not given). What one step
// draws never shifts what the next one does.
//
// `steps` is the list of a recipe (augment.steps): each item is a name ("mu_law", or a published
// chain such as "rat"), or {name: NAME, p: 0.5, and the augmentation's own keys}. The name
// "one_of" draws one of the steps of its own key "steps"; "chain" does all of them.
// `where` goes into messages. Throws UsageError naming the step and the key; an empty list changes
// nothing.
std::unique_ptr<Augmentation> make_chain(const Json& steps, const std::string& where);

// The published chains: name, what it is, and its steps as YAML.
struct PublishedChain {
  std::string_view name;
  std::string_view summary;
  std::string_view steps;
};
const std::vector<PublishedChain>& published_chains();

}  // namespace bonafide

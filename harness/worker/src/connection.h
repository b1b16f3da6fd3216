// One end of a stream socket on which messages are lines of JSON and descriptors may travel with a
// line.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace exportgate::worker {

class Connection {
  public:
    /// Owns `descriptor`.
    explicit Connection(int descriptor);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    int descriptor() const {
        return descriptor_;
    }

    /// Closes this process's end, for a forked process that has no part in the conversation.
    void close();

    /// Reads what has arrived; blocks only where nothing has. False at end of file or on a broken
    /// socket.
    bool receive();

    /// The next complete line without its newline; nullopt where none has arrived completely.
    std::optional<std::string> next_line();

    /// The oldest descriptor that arrived and was not taken yet, owned by the caller; -1 where
    /// there is none. Descriptors arrive no later than the end of the line they were sent with.
    int take_descriptor();

    /// Sends `line` and a newline, the descriptors with its first byte. False where the other side
    /// is gone.
    bool send(std::string_view line, std::span<const int> descriptors = {});

  private:
    int descriptor_;
    std::string received_;
    std::size_t searched_ = 0;  // received_ has no newline before this
    std::deque<int> descriptors_;
};

}  // namespace exportgate::worker

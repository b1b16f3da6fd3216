#include "connection.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace exportgate::worker {

namespace {

constexpr std::size_t most_descriptors = 8;  // per message; a run message carries two

}  // namespace

Connection::Connection(int descriptor) : descriptor_(descriptor) {}

Connection::~Connection() {
    close();
}

void Connection::close() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
    for (const int descriptor : descriptors_) {
        ::close(descriptor);
    }
    descriptors_.clear();
}

bool Connection::receive() {
    std::array<char, 65536> bytes;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control;
    iovec part{bytes.data(), bytes.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t count = 0;
    do {
        count = recvmsg(descriptor_, &message, MSG_CMSG_CLOEXEC);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) {
        return false;
    }
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
            const std::size_t payload = header->cmsg_len - CMSG_LEN(0);
            for (std::size_t offset = 0; offset + sizeof(int) <= payload; offset += sizeof(int)) {
                int descriptor = -1;
                std::memcpy(&descriptor, CMSG_DATA(header) + offset, sizeof descriptor);
                descriptors_.push_back(descriptor);
            }
        }
    }
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    return (message.msg_flags & MSG_CTRUNC) == 0;
}

std::optional<std::string> Connection::next_line() {
    const std::size_t end = received_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = received_.size();
        return std::nullopt;
    }
    std::string line = received_.substr(0, end);
    received_.erase(0, end + 1);
    searched_ = 0;
    return line;
}

int Connection::take_descriptor() {
    if (descriptors_.empty()) {
        return -1;
    }
    const int descriptor = descriptors_.front();
    descriptors_.pop_front();
    return descriptor;
}

bool Connection::send(std::string_view line, std::span<const int> descriptors) {
    std::string bytes(line);
    bytes += '\n';
    alignas(cmsghdr) std::array<char, CMSG_SPACE(most_descriptors * sizeof(int))> control{};
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        iovec part{bytes.data() + sent, bytes.size() - sent};
        msghdr message{};
        message.msg_iov = &part;
        message.msg_iovlen = 1;
        if (sent == 0 && !descriptors.empty()) {
            message.msg_control = control.data();
            message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
            cmsghdr* header = CMSG_FIRSTHDR(&message);
            header->cmsg_level = SOL_SOCKET;
            header->cmsg_type = SCM_RIGHTS;
            header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
            std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
        }
        const ssize_t count = sendmsg(descriptor_, &message, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        sent += static_cast<std::size_t>(count);
    }
    return true;
}

}  // namespace exportgate::worker

/*
 * The floor of `bin/rotunda bench egress`: the least that a program can do to send the bursts of the bench. For each burst and receiver
 * it writes and encrypts the packets of the burst into one buffer, as SRTP with AES-128-GCM does (RFC 7714), and sends the buffer with one
 * system call (UDP GSO). Nothing is decided, renumbered, counted or kept for resends.
 *
 *   egress_floor saturated|paced MILLISECONDS PACKETS DATAGRAM_BYTES BURSTS_PER_SECOND PORT...
 *
 * Each port is a receiver on 127.0.0.1. Built with -DWITH_OPENSSL -lcrypto; without, the payload is copied and not encrypted. The result is
 * on standard output, a name and a value in each line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#ifdef WITH_OPENSSL
#include <openssl/evp.h>
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum { HEADER_BYTES = 12, TAG_BYTES = 16, RUN_BYTES_MAX = 65507, SOCKET_BUFFER_BYTES = 4 << 20, RECEIVERS_MAX = 4096 };

/* A receiver, with what a sender has to keep for each. */
struct receiver {
    struct sockaddr_in address;
    uint32_t ssrc;
    uint64_t index; /* The roll-over counter and the sequence number of the next packet. */
    unsigned char salt[12];
#ifdef WITH_OPENSSL
    EVP_CIPHER_CTX *cipher;
#endif
};

static struct receiver receivers[RECEIVERS_MAX];
static unsigned char run[RUN_BYTES_MAX];
static unsigned char payloads[RUN_BYTES_MAX]; /* The payloads of a burst, which all receivers get. */

static void fail(const char *what) {
    fprintf(stderr, "egress_floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t nanos(clockid_t clock) {
    struct timespec now;
    if (clock_gettime(clock, &now) != 0) fail("clock_gettime");
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void put32(unsigned char *to, uint32_t value) {
    uint32_t wire = htonl(value);
    memcpy(to, &wire, 4);
}

static void write_header(unsigned char *to, const struct receiver *receiver, uint32_t timestamp, int marker) {
    to[0] = 0x80;
    to[1] = (unsigned char)(96 | (marker ? 0x80 : 0));
    to[2] = (unsigned char)(receiver->index >> 8);
    to[3] = (unsigned char)receiver->index;
    put32(to + 4, timestamp);
    put32(to + 8, receiver->ssrc);
}

#ifdef WITH_OPENSSL
static void open_cipher(struct receiver *receiver) {
    unsigned char key[16];
    for (int i = 0; i < 16; i++) key[i] = (unsigned char)rand();
    for (int i = 0; i < 12; i++) receiver->salt[i] = (unsigned char)rand();
    receiver->cipher = EVP_CIPHER_CTX_new();
    if (receiver->cipher == NULL || EVP_EncryptInit_ex(receiver->cipher, EVP_aes_128_gcm(), NULL, key, NULL) != 1) fail("AES-GCM");
}

/* The IV is the SSRC and the index of the packet, mixed with the salt (RFC 7714, section 8.1). */
static void seal(struct receiver *receiver, unsigned char *packet, const unsigned char *payload, int payload_bytes) {
    unsigned char iv[12] = {0};
    int length;
    put32(iv + 2, receiver->ssrc);
    put32(iv + 6, (uint32_t)(receiver->index >> 16));
    iv[10] = packet[2];
    iv[11] = packet[3];
    for (int i = 0; i < 12; i++) iv[i] ^= receiver->salt[i];
    unsigned char *to = packet + HEADER_BYTES;
    if (EVP_EncryptInit_ex(receiver->cipher, NULL, NULL, NULL, iv) != 1
        || EVP_EncryptUpdate(receiver->cipher, NULL, &length, packet, HEADER_BYTES) != 1
        || EVP_EncryptUpdate(receiver->cipher, to, &length, payload, payload_bytes) != 1
        || EVP_EncryptFinal_ex(receiver->cipher, to + length, &length) != 1
        || EVP_CIPHER_CTX_ctrl(receiver->cipher, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, to + payload_bytes) != 1) fail("encryption");
}
#else
static void open_cipher(struct receiver *receiver) { (void)receiver; }

static void seal(struct receiver *receiver, unsigned char *packet, const unsigned char *payload, int payload_bytes) {
    (void)receiver;
    memcpy(packet + HEADER_BYTES, payload, payload_bytes);
}
#endif

static void send_run(int sender, struct receiver *receiver, size_t length, uint16_t datagram_bytes) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(uint16_t))];
    } control = {0};
    struct iovec vector = {run, length};
    struct msghdr message = {0};
    message.msg_name = &receiver->address;
    message.msg_namelen = sizeof receiver->address;
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr *segment = CMSG_FIRSTHDR(&message);
    segment->cmsg_level = IPPROTO_UDP;
    segment->cmsg_type = UDP_SEGMENT;
    segment->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    memcpy(CMSG_DATA(segment), &datagram_bytes, sizeof datagram_bytes);
    if (sendmsg(sender, &message, 0) < 0) fail("sendmsg");
}

int main(int argc, char **argv) {
    if (argc < 7 || argc - 6 > RECEIVERS_MAX) {
        fprintf(stderr, "usage: egress_floor saturated|paced MILLISECONDS PACKETS DATAGRAM_BYTES BURSTS_PER_SECOND PORT...\n");
        return 2;
    }
    int paced = strcmp(argv[1], "paced") == 0;
    int64_t time = atoll(argv[2]) * INT64_C(1000000);
    int packets = atoi(argv[3]);
    int datagram_bytes = atoi(argv[4]);
    int64_t interval = INT64_C(1000000000) / atoi(argv[5]);
    int payload_bytes = datagram_bytes - HEADER_BYTES - TAG_BYTES;
    int count = argc - 6;
    if (packets < 1 || payload_bytes < 1 || packets * datagram_bytes > RUN_BYTES_MAX) {
        fprintf(stderr, "egress_floor: a run of %d datagrams of %d bytes is not possible\n", packets, datagram_bytes);
        return 2;
    }
    int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int buffer_bytes = SOCKET_BUFFER_BYTES;
    if (sender < 0 || setsockopt(sender, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes) != 0) fail("socket");
    for (int i = 0; i < count; i++) {
        receivers[i].address.sin_family = AF_INET;
        receivers[i].address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        receivers[i].address.sin_port = htons((uint16_t)atoi(argv[6 + i]));
        receivers[i].ssrc = (uint32_t)rand();
        open_cipher(&receivers[i]);
    }
    int64_t start = nanos(CLOCK_MONOTONIC);
    int64_t cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
    int64_t sent = 0;
    for (int64_t burst = 0;; burst++) {
        if (paced) {
            int64_t due = start + burst * interval;
            struct timespec at = {due / 1000000000, due % 1000000000};
            if (due - start >= time) break;
            while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR) continue;
        } else if (nanos(CLOCK_MONOTONIC) - start >= time) {
            break;
        }
        memset(payloads, (int)burst, (size_t)packets * payload_bytes);
        for (int i = 0; i < count; i++) {
            struct receiver *receiver = &receivers[i];
            unsigned char *to = run;
            for (int packet = 0; packet < packets; packet++, to += datagram_bytes, receiver->index++) {
                write_header(to, receiver, (uint32_t)(burst * 3000), packet == packets - 1);
                seal(receiver, to, payloads + packet * payload_bytes, payload_bytes);
            }
            send_run(sender, receiver, (size_t)(to - run), (uint16_t)datagram_bytes);
            sent += packets;
        }
    }
    cpu = nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu;
#ifdef WITH_OPENSSL
    printf("cipher openssl\n");
#else
    printf("cipher none\n");
#endif
    printf("packets %lld\ncpuNanos %lld\nelapsedNanos %lld\n", (long long)sent, (long long)cpu,
           (long long)(nanos(CLOCK_MONOTONIC) - start));
    return 0;
}

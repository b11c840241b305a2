// SPDX-License-Identifier: GPL-2.0
/*
 * What conntriage calls of libmnl, for a program without libraries: Debian has no
 * libmnl.a. Each does what libmnl.h and libmnl's documentation promise, so that the
 * callers don't know the difference. Messages are those of the kernel's netlink.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

struct mnl_socket {
	int fd;
	struct sockaddr_nl own;
};

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	struct mnl_socket *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->fd = socket(AF_NETLINK, SOCK_RAW | flags, bus);
	if (s->fd >= 0)
		return s;
	free(s);
	return NULL;
}

struct mnl_socket *mnl_socket_open(int bus)
{
	return mnl_socket_open2(bus, 0);
}

/* The kernel chooses a port where @pid is MNL_SOCKET_AUTOPID. */
int mnl_socket_bind(struct mnl_socket *s, unsigned int groups, pid_t pid)
{
	socklen_t len = sizeof(s->own);

	s->own = (struct sockaddr_nl) {
		.nl_family = AF_NETLINK, .nl_groups = groups, .nl_pid = pid,
	};
	if (bind(s->fd, (struct sockaddr *)&s->own, sizeof(s->own)))
		return -1;
	return getsockname(s->fd, (struct sockaddr *)&s->own, &len);
}

int mnl_socket_close(struct mnl_socket *s)
{
	int error = close(s->fd);

	free(s);
	return error;
}

int mnl_socket_get_fd(const struct mnl_socket *s)
{
	return s->fd;
}

unsigned int mnl_socket_get_portid(const struct mnl_socket *s)
{
	return s->own.nl_pid;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *s, const void *request, size_t size)
{
	static const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return sendto(s->fd, request, size, 0, (const struct sockaddr *)&kernel, sizeof(kernel));
}

/* ENOSPC: the buffer is too small for it. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *s, void *buf, size_t size)
{
	struct sockaddr_nl from = { 0 };
	struct iovec part = { .iov_base = buf, .iov_len = size };
	struct msghdr m = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part, .msg_iovlen = 1,
	};
	ssize_t len = recvmsg(s->fd, &m, 0);

	if (len < 0)
		return -1;
	if (!(m.msg_flags & MSG_TRUNC) && m.msg_namelen == sizeof(from))
		return len;
	errno = m.msg_flags & MSG_TRUNC ? ENOSPC : EINVAL;
	return -1;
}

int mnl_socket_setsockopt(const struct mnl_socket *s, int option, void *value, socklen_t len)
{
	return setsockopt(s->fd, SOL_NETLINK, option, value, len);
}

struct nlmsghdr *mnl_nlmsg_put_header(void *buf)
{
	struct nlmsghdr *h = buf;

	memset(h, 0, MNL_NLMSG_HDRLEN);
	h->nlmsg_len = MNL_NLMSG_HDRLEN;
	return h;
}

void *mnl_nlmsg_put_extra_header(struct nlmsghdr *h, size_t size)
{
	void *extra = mnl_nlmsg_get_payload_tail(h);

	memset(extra, 0, MNL_ALIGN(size));
	h->nlmsg_len += MNL_ALIGN(size);
	return extra;
}

void *mnl_nlmsg_get_payload(const struct nlmsghdr *h)
{
	return (char *)h + MNL_NLMSG_HDRLEN;
}

size_t mnl_nlmsg_get_payload_len(const struct nlmsghdr *h)
{
	return h->nlmsg_len - MNL_NLMSG_HDRLEN;
}

void *mnl_nlmsg_get_payload_offset(const struct nlmsghdr *h, size_t offset)
{
	return (char *)h + MNL_NLMSG_HDRLEN + MNL_ALIGN(offset);
}

void *mnl_nlmsg_get_payload_tail(const struct nlmsghdr *h)
{
	return (char *)h + MNL_ALIGN(h->nlmsg_len);
}

bool mnl_nlmsg_ok(const struct nlmsghdr *h, int left)
{
	return left >= (int)sizeof(*h) && h->nlmsg_len >= sizeof(*h) && (int)h->nlmsg_len <= left;
}

struct nlmsghdr *mnl_nlmsg_next(const struct nlmsghdr *h, int *left)
{
	*left -= MNL_ALIGN(h->nlmsg_len);
	return mnl_nlmsg_get_payload_tail(h);
}

uint16_t mnl_attr_get_type(const struct nlattr *a)
{
	return a->nla_type & NLA_TYPE_MASK;
}

uint16_t mnl_attr_get_payload_len(const struct nlattr *a)
{
	return a->nla_len - MNL_ATTR_HDRLEN;
}

void *mnl_attr_get_payload(const struct nlattr *a)
{
	return (char *)a + MNL_ATTR_HDRLEN;
}

/* Of numbers alone: what else there is to be validated nobody asks for. */
int mnl_attr_validate(const struct nlattr *a, enum mnl_attr_data_type type)
{
	static const size_t size[MNL_TYPE_MAX] = {
		[MNL_TYPE_U8] = 1, [MNL_TYPE_U16] = 2, [MNL_TYPE_U32] = 4, [MNL_TYPE_U64] = 8,
	};

	if (type < MNL_TYPE_MAX && size[type] && mnl_attr_get_payload_len(a) == size[type])
		return 0;
	errno = ERANGE;
	return -1;
}

uint8_t mnl_attr_get_u8(const struct nlattr *a)
{
	return *(uint8_t *)mnl_attr_get_payload(a);
}

uint16_t mnl_attr_get_u16(const struct nlattr *a)
{
	return *(uint16_t *)mnl_attr_get_payload(a);
}

uint32_t mnl_attr_get_u32(const struct nlattr *a)
{
	return *(uint32_t *)mnl_attr_get_payload(a);
}

void mnl_attr_put(struct nlmsghdr *h, uint16_t type, size_t len, const void *data)
{
	struct nlattr *a = mnl_nlmsg_get_payload_tail(h);
	char *payload = mnl_attr_get_payload(a);

	a->nla_type = type;
	a->nla_len = MNL_ATTR_HDRLEN + len;
	memcpy(payload, data, len);
	memset(payload + len, 0, MNL_ALIGN(len) - len);
	h->nlmsg_len += MNL_ATTR_HDRLEN + MNL_ALIGN(len);
}

void mnl_attr_put_u8(struct nlmsghdr *h, uint16_t type, uint8_t data)
{
	mnl_attr_put(h, type, sizeof(data), &data);
}

void mnl_attr_put_u16(struct nlmsghdr *h, uint16_t type, uint16_t data)
{
	mnl_attr_put(h, type, sizeof(data), &data);
}

void mnl_attr_put_u32(struct nlmsghdr *h, uint16_t type, uint32_t data)
{
	mnl_attr_put(h, type, sizeof(data), &data);
}

struct nlattr *mnl_attr_nest_start(struct nlmsghdr *h, uint16_t type)
{
	struct nlattr *nest = mnl_nlmsg_get_payload_tail(h);

	nest->nla_type = NLA_F_NESTED | type;
	h->nlmsg_len += MNL_ATTR_HDRLEN;
	return nest;
}

void mnl_attr_nest_end(struct nlmsghdr *h, struct nlattr *nest)
{
	nest->nla_len = (char *)mnl_nlmsg_get_payload_tail(h) - (char *)nest;
}

bool mnl_attr_put_check(struct nlmsghdr *h, size_t size, uint16_t type, size_t len,
			const void *data)
{
	if (h->nlmsg_len + MNL_ATTR_HDRLEN + MNL_ALIGN(len) > size)
		return false;
	mnl_attr_put(h, type, len, data);
	return true;
}

bool mnl_attr_ok(const struct nlattr *a, int left)
{
	return left >= (int)sizeof(*a) && a->nla_len >= sizeof(*a) && a->nla_len <= left;
}

struct nlattr *mnl_attr_next(const struct nlattr *a)
{
	return (struct nlattr *)((char *)a + MNL_ALIGN(a->nla_len));
}

int mnl_attr_parse(const struct nlmsghdr *h, unsigned int offset, mnl_attr_cb_t take, void *data)
{
	const struct nlattr *a;
	int status = MNL_CB_OK;

	mnl_attr_for_each(a, h, offset) {
		status = take(a, data);
		if (status <= MNL_CB_STOP)
			break;
	}
	return status;
}

int mnl_attr_parse_nested(const struct nlattr *nest, mnl_attr_cb_t take, void *data)
{
	const struct nlattr *a;
	int status = MNL_CB_OK;

	mnl_attr_for_each_nested(a, nest) {
		status = take(a, data);
		if (status <= MNL_CB_STOP)
			break;
	}
	return status;
}

/* What netlink itself says between a protocol's messages */
static int take_control(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);

	switch (h->nlmsg_type) {
	case NLMSG_ERROR:
		if (h->nlmsg_len < MNL_NLMSG_HDRLEN + sizeof(*e)) {
			errno = EBADMSG;
			return MNL_CB_ERROR;
		}
		errno = abs(e->error);
		return e->error ? MNL_CB_ERROR : MNL_CB_STOP;
	case NLMSG_DONE:
		return MNL_CB_STOP;
	default:
		return MNL_CB_OK;
	}
}

/* ESRCH: for another port; EPROTO: no answer to this request; EINTR: the table changed so
 * that the dump isn't whole. 0 of any sequence number and port is nobody's. */
static int refuse(const struct nlmsghdr *h, unsigned int seq, unsigned int port)
{
	if (h->nlmsg_pid && port && h->nlmsg_pid != port)
		return ESRCH;
	if (h->nlmsg_seq && seq && h->nlmsg_seq != seq)
		return EPROTO;
	return h->nlmsg_flags & NLM_F_DUMP_INTR ? EINTR : 0;
}

int mnl_cb_run(const void *buf, size_t size, unsigned int seq, unsigned int port, mnl_cb_t take,
	       void *data)
{
	const struct nlmsghdr *h = buf;
	int left = size, status = MNL_CB_OK, error;

	for (; status > MNL_CB_STOP && mnl_nlmsg_ok(h, left); h = mnl_nlmsg_next(h, &left)) {
		error = refuse(h, seq, port);
		if (error) {
			errno = error;
			return MNL_CB_ERROR;
		}
		if (h->nlmsg_type < NLMSG_MIN_TYPE)
			status = take_control(h);
		else if (take)
			status = take(h, data);
	}
	return status;
}
